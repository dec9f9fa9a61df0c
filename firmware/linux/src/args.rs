//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

use console::Address;

/// The gesture card, as `--help` ends with it.
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
    /// Use this Bluetooth adapter, and nobody else does: hciN must be down
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "h4")]
    pub(crate) hci: u16,

    /// Use a controller that speaks H4 over TCP instead; waits until it is there
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) h4: Option<SocketAddr>,

    /// Keep events, bonds and the address in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,

    /// The logo was held for 3 s from power-on: a laptop may be paired for a minute
    #[arg(long)]
    pub(crate) window: bool,

    /// Use this random static address instead of the one kept
    #[arg(long, value_name = "C0:..")]
    pub(crate) address: Option<Address>,

    /// A line for each happening on stdout, a command a line on stdin; always so where either is no terminal
    #[arg(long)]
    pub(crate) plain: bool,
}

/// Where the store is when nothing else is said.
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
