//! What is drawn on: the terminal, each frame in one write, or in tests a buffer.

use std::io::{self, Stdout, Write, stdout};

use crossterm::queue;
use crossterm::style::ResetColor;
use crossterm::terminal::{Clear, ClearType};
use ratatui::backend::{Backend as _, CrosstermBackend};
use ratatui::buffer::Cell;
use ratatui::layout::Size;

use crate::terminal::{Taken, tell_of_mouse};

/// Something to draw on. Nothing is seen before [`Glass::show`].
pub(crate) trait Glass {
    /// Its size now.
    fn size(&self) -> io::Result<Size>;

    /// Cells that changed.
    fn put(&mut self, cells: &[(u16, u16, &Cell)]) -> io::Result<()>;

    /// Everything on it is gone.
    fn wipe(&mut self) -> io::Result<()>;

    /// Calls for attention by the only sound there is.
    fn ring(&mut self) -> io::Result<()>;

    /// From now on the mouse is told of, or not any more.
    fn tell_of_mouse(&mut self, told: bool) -> io::Result<()>;

    /// Lets everything since the last time be seen at once. Where nothing came since, nothing is written.
    fn show(&mut self) -> io::Result<()>;

    /// Takes it back from whoever had it meanwhile.
    fn again(&mut self) -> io::Result<()>;

    /// Gives it back to the shell, stands still until the program may go on, and takes it again.
    fn step_aside(&mut self) -> io::Result<()>;
}

/// The terminal. It is as it was before when this is dropped.
#[derive(Debug)]
pub(crate) struct Tty {
    taken: Taken,
    backend: CrosstermBackend<OneWrite<Stdout>>,
}

impl Tty {
    /// Takes the terminal's screen.
    pub(crate) fn enter() -> io::Result<Self> {
        let backend = CrosstermBackend::new(OneWrite::new(stdout()));
        Ok(Self { taken: Taken::enter()?, backend })
    }
}

impl Glass for Tty {
    fn size(&self) -> io::Result<Size> {
        self.backend.size()
    }

    fn put(&mut self, cells: &[(u16, u16, &Cell)]) -> io::Result<()> {
        self.backend.draw(cells.iter().copied())
    }

    fn wipe(&mut self) -> io::Result<()> {
        queue!(self.backend, ResetColor, Clear(ClearType::All))
    }

    fn ring(&mut self) -> io::Result<()> {
        self.backend.write_all(b"\x07")
    }

    fn tell_of_mouse(&mut self, told: bool) -> io::Result<()> {
        tell_of_mouse(told)
    }

    fn show(&mut self) -> io::Result<()> {
        Write::flush(&mut self.backend)
    }

    fn again(&mut self) -> io::Result<()> {
        self.taken.again()
    }

    fn step_aside(&mut self) -> io::Result<()> {
        self.taken.step_aside()
    }
}

/// Keeps what is written until it is flushed, and then writes it in one, between the marks of a synchronised update: a
/// terminal that knows them shows a frame whole, and another passes over them.
#[derive(Debug)]
struct OneWrite<W> {
    out: W,
    frame: Vec<u8>,
}

/// `CSI ? 2026 h`: nothing is shown until the end.
const BEGIN: &[u8] = b"\x1b[?2026h";
/// `CSI ? 2026 l`: now it is.
const END: &[u8] = b"\x1b[?2026l";

impl<W: Write> OneWrite<W> {
    const fn new(out: W) -> Self {
        Self { out, frame: Vec::new() }
    }
}

impl<W: Write> Write for OneWrite<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.frame.is_empty() {
            self.frame.extend_from_slice(BEGIN);
        }
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        self.frame.extend_from_slice(END);
        let written = self.out.write_all(&self.frame);
        // A frame that could not be written is not the beginning of the next.
        self.frame.clear();
        written?;
        self.out.flush()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use ratatui::backend::TestBackend;

    use super::*;

    /// A glass that can be read, also while somebody else draws on it.
    #[derive(Debug, Clone)]
    pub(crate) struct Pane(Rc<RefCell<Inside>>);

    #[derive(Debug)]
    struct Inside {
        backend: TestBackend,
        waiting: bool,
        /// How many frames have been shown, and how often it rang.
        frames: u32,
        rings: u32,
    }

    impl Pane {
        pub(crate) fn new(width: u16, height: u16) -> Self {
            let backend = TestBackend::new(width, height);
            Self(Rc::new(RefCell::new(Inside { backend, waiting: false, frames: 0, rings: 0 })))
        }

        /// Everything on it, a line a row.
        pub(crate) fn text(&self) -> String {
            let inside = self.0.borrow();
            let buffer = inside.backend.buffer();
            let rows = buffer.content.chunks(usize::from(buffer.area.width).max(1));
            rows.map(|row| row.iter().map(Cell::symbol).collect::<String>()).collect::<Vec<_>>().join("\n")
        }

        pub(crate) fn frames(&self) -> u32 {
            self.0.borrow().frames
        }

        pub(crate) fn rings(&self) -> u32 {
            self.0.borrow().rings
        }

        pub(crate) fn resize(&self, width: u16, height: u16) {
            self.0.borrow_mut().backend.resize(width, height);
        }
    }

    impl Glass for Pane {
        fn size(&self) -> io::Result<Size> {
            Ok(self.0.borrow().backend.size().unwrap_or_default())
        }

        fn put(&mut self, cells: &[(u16, u16, &Cell)]) -> io::Result<()> {
            let mut inside = self.0.borrow_mut();
            inside.waiting = true;
            inside.backend.draw(cells.iter().copied()).map_err(io::Error::other)
        }

        fn wipe(&mut self) -> io::Result<()> {
            self.0.borrow_mut().backend.clear().map_err(io::Error::other)
        }

        fn ring(&mut self) -> io::Result<()> {
            self.0.borrow_mut().rings += 1;
            Ok(())
        }

        fn tell_of_mouse(&mut self, _: bool) -> io::Result<()> {
            Ok(())
        }

        fn show(&mut self) -> io::Result<()> {
            let mut inside = self.0.borrow_mut();
            inside.frames += u32::from(std::mem::take(&mut inside.waiting));
            Ok(())
        }

        fn again(&mut self) -> io::Result<()> {
            Ok(())
        }

        fn step_aside(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Counts its writes.
    #[derive(Debug, Default)]
    struct Counted(Vec<Vec<u8>>);

    impl Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_frame_is_one_write_between_the_marks() {
        let mut out = OneWrite::new(Counted::default());
        out.write_all(b"one ").unwrap();
        out.write_all(b"frame").unwrap();
        assert!(out.out.0.is_empty(), "nothing is seen before its end");
        out.flush().unwrap();
        assert_eq!(out.out.0, [b"\x1b[?2026hone frame\x1b[?2026l"]);
    }

    #[test]
    fn where_nothing_came_nothing_is_written() {
        let mut out = OneWrite::new(Counted::default());
        out.flush().unwrap();
        assert_eq!(out.out.0, Vec::<Vec<u8>>::new());
    }
}
