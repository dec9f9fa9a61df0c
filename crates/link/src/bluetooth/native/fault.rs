//! Classifies errors of the Bluetooth stacks, D-Bus error names and ATT errors, by what the caller does next.
//!
//! The stacks report errors as text, each in its own words; all parsing of that text is in this file. Unknown text
//! becomes [`Fault::Failed`], after which a retry is safe.

/// Class of a stack error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The other side rejects this computer's key, or requires a key that this computer does not have.
    NotTrusted,
    /// The connection was established and dropped before it could be used: out of reach, or the other side has no key.
    Dropped,
    /// Pairing was rejected by the other side, or the digits were wrong. The step of pairing tells which.
    NotPaired,
    /// The person or this program cancelled the operation.
    Cancelled,
    /// The device or attribute no longer exists; look it up again.
    Vanished,
    /// The operation has been done already.
    Already,
    /// The adapter is off.
    AdapterOff,
    /// The system's Bluetooth service does not answer.
    NoDaemon,
    /// The system does not let this program do it.
    NoPermission,
    /// Anything else.
    Failed,
}

/// Substrings of an error text, in lower case, and the class of each. The first match counts.
const PATTERNS: &[(&str, Fault)] = &[
    // BlueZ texts for the ATT errors 0x05, 0x0c and 0x0f on a characteristic.
    ("not paired", Fault::NotTrusted),
    ("att error: 0x05", Fault::NotTrusted),
    ("att error: 0x08", Fault::NotTrusted),
    ("att error: 0x0c", Fault::NotTrusted),
    ("att error: 0x0f", Fault::NotTrusted),
    ("org.bluez.error.notauthorized", Fault::NotTrusted),
    // BlueZ 5.73 and later, when the kernel reports that the other side has no key.
    ("key-missing", Fault::NotTrusted),
    ("key missing", Fault::NotTrusted),
    // CoreBluetooth and Windows.
    ("peer removed pairing information", Fault::NotTrusted),
    ("authentication is insufficient", Fault::NotTrusted),
    ("encryption is insufficient", Fault::NotTrusted),
    ("insufficient authentication", Fault::NotTrusted),
    ("insufficient encryption", Fault::NotTrusted),
    ("0x80650005", Fault::NotTrusted),
    ("0x8065000f", Fault::NotTrusted),
    ("not connected", Fault::Dropped),
    ("notconnected", Fault::Dropped),
    // Pairing.
    ("org.bluez.error.authenticationcanceled", Fault::Cancelled),
    ("org.bluez.error.authentication", Fault::NotPaired),
    ("org.bluez.error.connectionattemptfailed", Fault::Failed),
    // The Bluetooth service itself.
    ("org.freedesktop.dbus.error.accessdenied", Fault::NoPermission),
    ("permission denied", Fault::NoPermission),
    ("permissiondenied", Fault::NoPermission),
    ("org.freedesktop.dbus.error.serviceunknown", Fault::NoDaemon),
    ("org.freedesktop.dbus.error.namehasnoowner", Fault::NoDaemon),
    ("org.freedesktop.dbus.error.noreply", Fault::NoDaemon),
    ("org.freedesktop.dbus.error.disconnected", Fault::NoDaemon),
    ("org.freedesktop.dbus.error.filenotfound", Fault::NoDaemon),
    ("org.freedesktop.dbus.error.noserver", Fault::NoDaemon),
    ("org.freedesktop.dbus.error.spawn", Fault::NoDaemon),
    ("org.freedesktop.systemd1", Fault::NoDaemon),
    // D-Bus objects of the service.
    ("org.freedesktop.dbus.error.unknownobject", Fault::Vanished),
    ("org.freedesktop.dbus.error.unknownmethod", Fault::Vanished),
    ("org.freedesktop.dbus.error.unknowninterface", Fault::Vanished),
    ("org.bluez.error.doesnotexist", Fault::Vanished),
    ("org.bluez.error.notfound", Fault::Vanished),
    ("devicenotfound", Fault::Vanished),
    ("org.bluez.error.notready", Fault::AdapterOff),
    ("resource not ready", Fault::AdapterOff),
    ("org.bluez.error.already", Fault::Already),
    ("already exists", Fault::Already),
    ("already connected", Fault::Already),
];

/// Classifies an error by its `Debug` text: the `Display` text omits the D-Bus name.
pub(super) fn classify(error: &impl core::fmt::Debug) -> Fault {
    classify_text(&format!("{error:?}"))
}

/// Same as [`classify`], for the text itself.
pub(super) fn classify_text(text: &str) -> Fault {
    let text = text.to_lowercase();
    PATTERNS.iter().find(|(pattern, _)| text.contains(pattern)).map_or(Fault::Failed, |&(_, fault)| fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts as the libraries print them.
    #[test]
    fn each_saying_comes_to_what_follows_from_it() {
        for (text, fault) in [
            ("Other(DbusError(D-Bus error: Not paired (org.bluez.Error.NotPermitted)))", Fault::NotTrusted),
            (
                "Other(DbusError(D-Bus error: Operation failed with ATT error: 0x0f (org.bluez.Error.Failed)))",
                Fault::NotTrusted,
            ),
            (
                "Other(DbusError(D-Bus error: Operation failed with ATT error: 0x0e (org.bluez.Error.Failed)))",
                Fault::Failed,
            ),
            (
                "Other(DbusError(D-Bus error: le-connection-abort-by-local (org.bluez.Error.Failed)))",
                Fault::Failed,
            ),
            (
                "Other(DbusError(D-Bus error: br-connection-key-missing (org.bluez.Error.Failed)))",
                Fault::NotTrusted,
            ),
            ("D-Bus error: Authentication Failed (org.bluez.Error.AuthenticationFailed)", Fault::NotPaired),
            (
                "D-Bus error: Authentication Canceled (org.bluez.Error.AuthenticationCanceled)",
                Fault::Cancelled,
            ),
            (
                "D-Bus error: The name org.bluez was not provided by any .service files (org.freedesktop.DBus.Error.ServiceUnknown)",
                Fault::NoDaemon,
            ),
            (
                "D-Bus error: Rejected send message (org.freedesktop.DBus.Error.AccessDenied)",
                Fault::NoPermission,
            ),
            (
                "D-Bus error: Method \"Connect\" doesn't exist (org.freedesktop.DBus.Error.UnknownMethod)",
                Fault::Vanished,
            ),
            ("D-Bus error: Resource Not Ready (org.bluez.Error.NotReady)", Fault::AdapterOff),
            ("D-Bus error: Already Exists (org.bluez.Error.AlreadyExists)", Fault::Already),
            ("Other(DbusError(D-Bus error: Not connected (org.bluez.Error.Failed)))", Fault::Dropped),
            ("RuntimeError(\"Peer removed pairing information\")", Fault::NotTrusted),
            ("PermissionDenied", Fault::NoPermission),
            (
                "org.bluez.Error.NotFound: the target object was either not present or removed",
                Fault::Vanished,
            ),
            ("", Fault::Failed),
        ] {
            assert_eq!(classify_text(text), fault, "{text}");
        }
    }

    #[test]
    fn every_saying_is_in_small_letters_and_reached() {
        for (at, (pattern, _)) in PATTERNS.iter().enumerate() {
            assert_eq!(*pattern, pattern.to_lowercase());
            let first = PATTERNS.iter().position(|(earlier, _)| pattern.contains(earlier));
            assert_eq!(first, Some(at), "{pattern} is never reached");
        }
    }
}
