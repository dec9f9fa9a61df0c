//! Folders that several computers see at once. A lock there is granted by each for itself, and SQLite's log cannot be shared,
//! so that two programs write over one another without noticing.

use std::path::Path;

/// What kind of file system of the network this path is on; `None` on a disk of this computer, and where it cannot be
/// determined.
#[must_use]
pub fn kind(path: &Path) -> Option<String> {
    imp::kind(path)
}

/// File systems of the network, as `/proc/self/mountinfo` names them.
#[cfg(any(target_os = "linux", test))]
const KINDS: &[&str] = &[
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "davfs",
    "fuse.ceph",
    "fuse.curlftpfs",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.gvfsd-fuse",
    "fuse.juicefs",
    "fuse.mfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "gfs2",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "orangefs",
    "smb3",
    "smbfs",
    "vboxsf",
    "virtiofs",
    "vmhgfs",
];

/// Type of the network file system mounted at this path, according to the text of a `mountinfo`; `None` for a local
/// one.
#[cfg(any(target_os = "linux", test))]
fn in_mounts(mounts: &str, path: &Path) -> Option<String> {
    let mut nearest: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let (Some(place), Some((_, about))) = (line.split(' ').nth(4), line.split_once(" - ")) else {
            continue;
        };
        // Spaces and the like are written as octal figures there.
        let place = place.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
        let depth = Path::new(&place).components().count();
        // Of two at one place the later one covers the other.
        if path.starts_with(&place) && nearest.is_none_or(|(deepest, _)| depth >= deepest) {
            nearest = Some((depth, about.split(' ').next().unwrap_or_default()));
        }
    }
    nearest.map(|(_, kind)| kind).filter(|kind| KINDS.contains(kind)).map(str::to_owned)
}

#[cfg(target_os = "linux")]
mod imp {
    use std::fs;
    use std::path::Path;

    pub(super) fn kind(path: &Path) -> Option<String> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // A store that is there may be a link into another folder.
        let path = fs::canonicalize(path).or_else(|_| fs::canonicalize(folder)).ok()?;
        super::in_mounts(&fs::read_to_string("/proc/self/mountinfo").ok()?, &path)
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    use std::path::Path;

    pub(super) fn kind(_: &Path) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:27 / /home/ada/my\\040files rw,nosuid shared:2 - fuse.sshfs ada@elsewhere: rw,user_id=0
31 22 0:28 / /media/stick rw - fuseblk /dev/sdb1 rw
32 30 0:29 / /home/ada/my\\040files/here rw - tmpfs tmpfs rw
33 22 0:30 / /srv rw - ext4 /dev/vdb rw
34 22 0:31 / /srv rw - nfs4 server:/srv rw
nothing that can be read";

    #[test]
    fn the_nearest_mount_tells() {
        for (path, kind) in [
            ("/home/ada/unknot.db", None),
            ("/home/ada/my files/unknot.db", Some("fuse.sshfs")),
            ("/home/ada/my filesystem/unknot.db", None),
            ("/home/ada/my files/here/unknot.db", None),
            ("/media/stick/unknot.db", None),
            ("/srv/unknot.db", Some("nfs4")),
        ] {
            assert_eq!(in_mounts(MOUNTS, Path::new(path)).as_deref(), kind, "{path}");
        }
        assert_eq!(in_mounts("", Path::new("/srv/unknot.db")), None);
    }
}
