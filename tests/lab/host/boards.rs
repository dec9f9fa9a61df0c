//! Emulated boards for the cases of one machine. They run on the host, beside the radio, because an emulator inside an
//! emulator is slower than the board that it emulates.
//!
//! A guest connects and sends one line with the board's flash file, its radio port and its arguments. From then on the
//! connection is the board's second serial port, and the board runs as long as the connection is open.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use anyhow::Context as _;

/// Serves boards with this image, with flash files in this folder. Returns the port.
pub(super) fn open(image: PathBuf, folder: PathBuf) -> anyhow::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    let layout = Arc::new((image, folder));
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let layout = Arc::clone(&layout);
            thread::spawn(move || {
                if let Err(error) = serve(stream, &layout.0, &layout.1) {
                    eprintln!("lab: an emulated board: {error:#}");
                }
            });
        }
    });
    Ok(port)
}

/// Runs one board until the other end closes.
fn serve(stream: TcpStream, image: &Path, folder: &Path) -> anyhow::Result<()> {
    let mut hand = BufReader::new(stream.try_clone()?);
    let mut words = String::new();
    hand.read_line(&mut words)?;
    let mut words = words.split_whitespace();
    let flash = folder.join(words.next().context("no flash is named")?);
    let radio = words.next().context("no port of the radio is named")?;
    let mut arguments = format!("enable=on,target=native,arg=clicker,arg=--flash={}", flash.display());
    for argument in words {
        arguments = format!("{arguments},arg={argument}");
    }
    // Waits until a previous run of the same board has ended.
    let lock = File::create(flash.with_extension("lock"))?;
    lock.lock()?;
    let errors = File::options().create(true).append(true).open(flash.with_extension("err.log"))?;
    // Ends together with the lab, even after a crash.
    let mut board = Command::new("setpriv")
        .args(["--pdeathsig", "KILL", "qemu-system-arm", "-machine", "mps2-an386", "-nodefaults"])
        .args(["-no-user-config", "-display", "none", "-nic", "none", "-semihosting-config", &arguments])
        .arg("-kernel")
        .arg(image)
        // 16 ns per instruction, near the micro:bit's 64 MHz. Without instruction counting this emulator sometimes
        // loses the interrupt that ends a sleep.
        .args(["-icount", "shift=4", "-serial", &format!("tcp:127.0.0.1:{radio}"), "-serial", "stdio"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(errors)
        .spawn()
        .context("qemu-system-arm does not start")?;
    let mut buttons = board.stdin.take().context("no stdin")?;
    let mut lines = board.stdout.take().context("no stdout")?;
    let mut told = stream.try_clone()?;
    thread::spawn(move || {
        let _ = io::copy(&mut lines, &mut told);
        // Tells the guest that the board has ended.
        let _ = told.shutdown(Shutdown::Both);
    });
    let mut line = String::new();
    while hand.read_line(&mut line).is_ok_and(|length| length > 0) {
        if buttons.write_all(line.as_bytes()).and_then(|()| buttons.flush()).is_err() {
            break;
        }
        line.clear();
    }
    board.kill()?;
    board.wait()?;
    Ok(())
}
