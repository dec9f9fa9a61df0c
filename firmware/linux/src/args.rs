//! Command line arguments.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

use console::Address;

/// The gesture card at the end of `--help`.
const CARD: &str = "\
The gesture card: what your hand says
                  while asked   while locating          otherwise
  A short         no            to your left            rating down
  B short         yes           to your right           rating up
  A long          -             toward the head         less pressure, please
  B long          -             toward the feet         in a hold: more? (touch the logo within 3 s to say yes)
  logo short      say it again  that's the spot         same as before
  logo long       -             -                       in a hold: it has let go
  A or B for 2 s  STOP          STOP                    STOP
  A and B         SHARP         SHARP                   SHARP

Keys on the full screen
  a b l  short    A B L  long    x  SHARP    z  STOP    , . /  as a b l    q  quit

Commands with --plain, one a line
  press a|b|logo|chord    long a|b|logo    hold a|b|logo    down a|b|logo    up a|b|logo    wait MS    quit";

/// The Unknot clicker on a Linux machine: a Bluetooth controller of its own, the keyboard as buttons.
#[derive(Debug, Parser)]
#[command(name = "clicker", version, after_help = CARD)]
pub(crate) struct Args {
    /// Bluetooth adapter to use exclusively: hciN must be down
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "h4")]
    pub(crate) hci: u16,

    /// Use a controller that speaks H4 over TCP instead; wait until it is there
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) h4: Option<SocketAddr>,

    /// Store events, bonds and the address in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,

    /// Open the pairing window for a minute, as if the logo was held for 3 s from power-on
    #[arg(long)]
    pub(crate) window: bool,

    /// Use this random static address instead of the stored one
    #[arg(long, value_name = "C0:..")]
    pub(crate) address: Option<Address>,

    /// Print a line per event on stdout and read a command per line from stdin; the default if either is no terminal
    #[arg(long)]
    pub(crate) plain: bool,
}

/// Default folder of the store.
pub(crate) fn default_store() -> PathBuf {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = from("XDG_STATE_HOME").or_else(|| from("HOME").map(|home| home.join(".local/state")));
    state.unwrap_or_default().join("unknot-clicker")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
        let args =
            Args::try_parse_from(["clicker", "--h4", "127.0.0.1:9001", "--address", "C0:00:00:00:00:01"]);
        assert_eq!(args.unwrap().address.unwrap().0, [1, 0, 0, 0, 0, 0xc0]);
        assert!(Args::try_parse_from(["clicker", "--address", "00:00:00:00:00:01"]).is_err());
    }
}
