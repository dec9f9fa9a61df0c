//! Runs the Bluetooth stack: builds it, advertises, serves connections, and rebuilds it when it fails.
//!
//! The stack holds bonds in RAM and accepts what an unfinished pairing claims, so its bonds are synchronised with
//! storage after every connection.

use bt_hci::cmd::le::{LeAddDeviceToFilterAcceptList, LeClearFilterAcceptList, LeReadLocalSupportedFeatures};
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
/// Blanket implementation: any controller with the host's commands that can report its features and has an accept list.
pub trait ClickerController:
    Controller
    + ControllerCmdSync<LeReadLocalSupportedFeatures>
    + ControllerCmdSync<LeClearFilterAcceptList>
    + ControllerCmdSync<LeAddDeviceToFilterAcceptList>
{
}

impl<
    C: Controller
        + ControllerCmdSync<LeReadLocalSupportedFeatures>
        + ControllerCmdSync<LeClearFilterAcceptList>
        + ControllerCmdSync<LeAddDeviceToFilterAcceptList>,
> ClickerController for C
{
}

/// A stack on top of the HCI filter.
pub(crate) type FilteredStack<'s, 'c, C> = Stack<'s, HciFilter<'c, C>, DefaultPacketPool>;

/// Advertising interval after power-on or a disconnection, when someone is probably waiting: a scan of a tenth of a
/// second finds it.
const FAST_INTERVAL: Duration = Duration::from_millis(30);

/// How long that interval is used outside a session.
const FAST_TIME: Duration = Duration::from_secs(30);

/// Interval after that, recommended by Apple for long waits: found within a few seconds, at a twentieth of the current.
const SLOW_INTERVAL: Duration = Duration::from_micros(1_022_500);

/// The same two in a session, until the clicker rests: the laptop hears it within a moment of its return.
const SESSION_FAST_TIME: Duration = Duration::from_secs(120);
const SESSION_SLOW_INTERVAL: Duration = Duration::from_millis(100);

/// How long only paired laptops may connect after another device has occupied the connection in a session. A laptop that
/// connects from a private address is not recognised by the controller and has to wait for the end of this time.
const PAIRED_FIRST_TIME: Duration = Duration::from_secs(10);

/// A part of advertising.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Phase {
    interval: Duration,
    /// `None` without limit.
    lasts: Option<Duration>,
    /// Whether the controller ignores the requests of all but paired laptops.
    paired_only: bool,
}

/// The phases of advertising, one after the other.
fn phases(is_worn: bool, paired_first: bool) -> impl Iterator<Item = Phase> {
    let (fast_time, slow) =
        if is_worn { (SESSION_FAST_TIME, SESSION_SLOW_INTERVAL) } else { (FAST_TIME, SLOW_INTERVAL) };
    let phase = |interval, lasts, paired_only| Phase { interval, lasts, paired_only };
    let first = phase(FAST_INTERVAL, Some(PAIRED_FIRST_TIME), true);
    let all = [phase(FAST_INTERVAL, Some(fast_time), false), phase(slow, None, false)];
    (paired_first && is_worn).then_some(first).into_iter().chain(all)
}

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
    let mut paired_first = false;
    loop {
        sync_bonds(stack, shared);
        let Ok(found) = advertise(stack, radio, shared, name, paired_first).await else { return };
        let Some(connection) = found else { continue };
        shared.notify(StatusEvent::Connected);
        let server = Server::new(name, info);
        paired_first = !serve(stack, &server, connection, radio, shared, began).await;
    }
}

/// Advertises until a laptop connects. `None` if the bonds have changed meanwhile, or a session has begun or ended.
async fn advertise<'s, C: ClickerController, R: Radio>(
    stack: &'s FilteredStack<'_, '_, C>,
    radio: &mut R,
    shared: &Shared,
    name: &str,
    paired_first: bool,
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
    let is_worn = shared.is_worn.get();
    let has_list = paired_first && accept_paired(stack, shared).await;
    for Phase { interval, lasts, paired_only } in phases(is_worn, has_list) {
        let params = AdvertisementParameters {
            interval_min: interval,
            interval_max: interval,
            filter_policy: if paired_only {
                AdvFilterPolicy::FilterConn
            } else {
                AdvFilterPolicy::Unfiltered
            },
            ..AdvertisementParameters::default()
        };
        let advertiser = stack.peripheral().advertise(&params, data()).await.map_err(drop)?;
        radio.send_strongly(None, is_worn).await;
        let wait = async {
            match lasts {
                Some(lasts) => Timer::after(lasts).await,
                None => core::future::pending().await,
            }
        };
        match select3(advertiser.accept(), wait, changed(shared, is_worn)).await {
            Either3::First(connection) => return connection.map(Some).map_err(drop),
            Either3::Second(()) => {}
            Either3::Third(()) => return Ok(None),
        }
    }
    Ok(None)
}

/// Fills the controller's accept list with the paired laptops. False if there are none, or it cannot be filled.
async fn accept_paired<C: ClickerController>(stack: &FilteredStack<'_, '_, C>, shared: &Shared) -> bool {
    let paired: Vec<Address, BONDS> =
        shared.bonds.borrow().iter().map(|record| record.identity().addr).collect();
    !paired.is_empty() && stack.peripheral().set_filter_accept_list(&paired).await.is_ok()
}

/// Waits until the number of bonds changes, or whether the clicker is worn.
async fn changed(shared: &Shared, was_worn: bool) {
    let had = shared.bonds.borrow().len();
    loop {
        shared.wake_radio.wait().await;
        if shared.bonds.borrow().len() != had || shared.is_worn.get() != was_worn {
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
    fn in_a_session_it_is_heard_within_a_moment_however_long_it_was_away() {
        let told = |is_worn, paired_first| -> Vec<(u64, Option<u64>, bool), 3> {
            let of = |phase: Phase| {
                (phase.interval.as_millis(), phase.lasts.map(|lasts| lasts.as_secs()), phase.paired_only)
            };
            phases(is_worn, paired_first).map(of).collect()
        };
        assert_eq!(told(false, false)[..], [(30, Some(30), false), (1022, None, false)]);
        assert_eq!(told(true, false)[..], [(30, Some(120), false), (100, None, false)]);
        assert_eq!(told(true, true)[..], [(30, Some(10), true), (30, Some(120), false), (100, None, false)]);
        assert_eq!(told(false, true), told(false, false), "outside a session everybody may connect at once");
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
