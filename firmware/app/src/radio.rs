//! Runs the Bluetooth stack: builds it, advertises, serves connections, and rebuilds it when it fails.
//!
//! The stack holds bonds in RAM and accepts what an unfinished pairing claims, so its bonds are synchronised with
//! storage after every connection.

use bt_hci::cmd::le::LeReadLocalSupportedFeatures;
use bt_hci::controller::ControllerCmdSync;
use embassy_futures::select::{Either3, select, select3};
use embassy_time::{Duration, Instant, Timer, with_timeout};
use heapless::{String, Vec};
use trouble_host::prelude::*;
use wire::gatt;

use crate::board::{BoardInfo, Radio, StatusEvent};
use crate::bond::BONDS;
use crate::connection::serve;
use crate::gatt::Server;
use crate::hci_filter::HciFilter;
use crate::shared::Shared;

/// Requirements on a controller.
///
/// Blanket implementation: any controller with the host's commands that can report its features.
pub trait ClickerController: Controller + ControllerCmdSync<LeReadLocalSupportedFeatures> {}

impl<C: Controller + ControllerCmdSync<LeReadLocalSupportedFeatures>> ClickerController for C {}

/// A stack on top of the HCI filter.
pub(crate) type FilteredStack<'s, 'c, C> = Stack<'s, HciFilter<'c, C>, DefaultPacketPool>;

/// Advertising interval after power-on or a disconnection, when someone is probably waiting: a scan of a tenth of a
/// second finds it.
const FAST_INTERVAL: Duration = Duration::from_micros(30_000);

/// How long that interval is used.
const FAST_TIME: Duration = Duration::from_secs(30);

/// Interval after that, recommended by Apple for long waits: found within a few seconds, at a twentieth of the current.
const SLOW_INTERVAL: Duration = Duration::from_micros(1_022_500);

/// Pause before the stack is rebuilt after a failure of the controller.
const RESTART_DELAY: Duration = Duration::from_millis(300);

/// One connection; one dynamic L2CAP channel, which is unused; and one bond more than are stored, so that a fifth
/// laptop is refused here and not half-way by the stack.
type Resources = HostResources<DefaultPacketPool, 1, 1, 1, { BONDS + 1 }>;

/// Runs the stack until it has failed three times in a minute.
pub(crate) async fn run<C: ClickerController, R: Radio>(
    controller: &C,
    radio: &mut R,
    shared: &Shared,
    info: BoardInfo,
    began: Instant,
) {
    let mut failures = Failures::default();
    let mut resources = Resources::new();
    let address = Address::random(info.address);
    let name = name(info.address);
    loop {
        let stack = trouble_host::new(HciFilter::new(controller, shared), &mut resources)
            .set_random_address(address)
            .set_io_capabilities(IoCapabilities::DisplayOnly)
            .build();
        let mut runner = stack.runner();
        let serving = serve_until_failure(&stack, radio, shared, info, &name, began);
        // Either ends only because the controller failed.
        select(runner.run(), serving).await;
        shared.link_down();
        shared.notify(StatusEvent::StackFault);
        if failures.record(Instant::now()) {
            return;
        }
        Timer::after(RESTART_DELAY).await;
    }
}

/// Advertises and serves connections until the stack fails.
async fn serve_until_failure<C: ClickerController, R: Radio>(
    stack: &FilteredStack<'_, '_, C>,
    radio: &mut R,
    shared: &Shared,
    info: BoardInfo,
    name: &str,
    began: Instant,
) {
    loop {
        sync_bonds(stack, shared);
        let Ok(found) = advertise(stack, shared, name).await else { return };
        let Some(connection) = found else { continue };
        shared.notify(StatusEvent::Connected);
        let server = Server::new(name, info);
        serve(stack, &server, connection, radio, shared, began).await;
    }
}

/// Advertises until a laptop connects. `None` if the bonds have changed meanwhile.
async fn advertise<'s, C: ClickerController>(
    stack: &'s FilteredStack<'_, '_, C>,
    shared: &Shared,
    name: &str,
) -> Result<Option<Connection<'s, DefaultPacketPool>>, ()> {
    let (mut advertisement, mut answer) = ([0; 31], [0; 31]);
    let services = [gatt::SERVICE.to_le_bytes()];
    let flags = LE_GENERAL_DISCOVERABLE | BR_EDR_NOT_SUPPORTED;
    let structures = [AdStructure::Flags(flags), AdStructure::CompleteServiceUuids128(&services)];
    let adv_len = AdStructure::encode_slice(&structures, &mut advertisement).map_err(drop)?;
    let structures = [AdStructure::CompleteLocalName(name.as_bytes())];
    let scan_len = AdStructure::encode_slice(&structures, &mut answer).map_err(drop)?;
    let data = || Advertisement::ConnectableScannableUndirected {
        adv_data: &advertisement[..adv_len],
        scan_data: &answer[..scan_len],
    };

    shared.notify(StatusEvent::Advertising);
    for (interval, long) in [(FAST_INTERVAL, Some(FAST_TIME)), (SLOW_INTERVAL, None)] {
        let params = AdvertisementParameters {
            interval_min: interval,
            interval_max: interval,
            ..AdvertisementParameters::default()
        };
        let advertiser = stack.peripheral().advertise(&params, data()).await.map_err(drop)?;
        let wait = async {
            match long {
                Some(long) => Timer::after(long).await,
                None => core::future::pending().await,
            }
        };
        match select3(advertiser.accept(), wait, changed_bonds(shared)).await {
            Either3::First(connection) => return connection.map(Some).map_err(drop),
            Either3::Second(()) => {}
            Either3::Third(()) => return Ok(None),
        }
    }
    Ok(None)
}

/// Waits until the number of bonds changes.
async fn changed_bonds(shared: &Shared) {
    let had = shared.bonds.borrow().len();
    loop {
        shared.wake_radio.wait().await;
        if shared.bonds.borrow().len() != had {
            return;
        }
    }
}

/// Makes the bonds in the stack equal to those in storage.
pub(crate) fn sync_bonds<C: ClickerController>(stack: &FilteredStack<'_, '_, C>, shared: &Shared) {
    let stored = shared.bonds.borrow();
    let in_stack: Vec<BondInformation, { BONDS + 1 }> =
        stack.with_bond_information(|bonds| bonds.iter().cloned().collect());
    for bond in &in_stack {
        if !stored.iter().any(|record| record.information() == *bond) {
            // It was just read from there.
            let _ = stack.remove_bond_information(bond.identity);
        }
    }
    for record in &*stored {
        let wanted = record.information();
        if !stack.with_bond_information(|bonds| bonds.contains(&wanted)) {
            // There is space for all of them and one more.
            let _ = stack.add_bond_information(wanted);
        }
    }
}

/// `Unknot` and the end of the address, which is public anyway.
fn name(address: [u8; 6]) -> String<{ gatt::MAX_TEXT }> {
    let mut name = String::new();
    // Eleven characters.
    let _ = core::fmt::Write::write_fmt(
        &mut name,
        format_args!("{} {:02X}{:02X}", gatt::NAME, address[1], address[0]),
    );
    name
}

/// Times of stack failures. One may be transient; three in a minute are not.
#[derive(Debug, Default)]
struct Failures {
    times: Vec<Instant, 3>,
}

impl Failures {
    /// Records a failure and returns whether it is one too many.
    fn record(&mut self, now: Instant) -> bool {
        self.times.retain(|at| now.saturating_duration_since(*at) < Duration::from_secs(60));
        let _ = self.times.push(now);
        self.times.is_full()
    }
}

/// Awaits `what` for at most `long`.
pub(crate) async fn at_most<T>(long: Duration, what: impl Future<Output = T>) -> Option<T> {
    with_timeout(long, what).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_ends_as_the_address_is_read_aloud() {
        assert_eq!(name([0xef, 0xbe, 0x03, 0x02, 0x01, 0xc0]).as_str(), "Unknot BEEF");
    }

    #[test]
    fn the_third_failure_in_a_minute_is_one_too_many() {
        let at = Instant::from_secs;
        let mut failures = Failures::default();
        assert!(!failures.record(at(0)) && !failures.record(at(30)));
        assert!(!failures.record(at(61)));
        assert!(failures.record(at(80)));
    }
}
