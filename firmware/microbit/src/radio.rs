//! Nordic's link layer as the app's controller.

use app::Radio;
use bt_hci::controller::ControllerCmdSync;
use bt_hci::param::ConnHandle;
use embassy_nrf::mode::Blocking;
use embassy_nrf::peripherals::RNG;
use embassy_nrf::rng::Rng;
use embassy_nrf::{Peri, interrupt};
use nrf_sdc::mpsl::{self, MultiprotocolServiceLayer, SessionMem, raw};
use nrf_sdc::vendor::{NordicPeripheralLatencyModeSet, NordicPeripheralLatencyModeSetParams};
use nrf_sdc::{SoftdeviceController, raw as sdc};
use static_cell::StaticCell;

use crate::Irqs;

/// Bytes a packet, as the host's packets are: what is longer than one would be sent in pieces.
const PACKET: u16 = 251;

/// Packets that wait to be sent: two reports and what the stack itself says.
const SENT: u8 = 3;

/// Packets that wait to be read.
const READ: u8 = 3;

/// What that takes, by the formulas of Nordic's `sdc.h`, which its bindings keep to themselves: a link with its buffers of
/// 15 bytes more than a packet, and the two of 27 that it has anyway; what links share; an advertising set of 31 bytes; a
/// filter list of eight. With a little to spare: where it is too small, nothing works at all.
const MEMORY: usize = {
    let packets = (SENT as usize + READ as usize) * (PACKET as usize + 15);
    let link = sdc::__MEM_MINIMAL_PERIPHERAL_LINK_SIZE as usize + packets - 2 * (27 + 15);
    let set = (5184 + 31 * 18) / 10;
    let filter = 4 + 8 * 8;
    (link + sdc::SDC_MEM_PERIPHERAL_LINKS_SHARED as usize + set + filter + 128).next_multiple_of(8)
};

/// The chip's radio, shared between the link layer and the flash.
pub(crate) fn share(
    p: mpsl::Peripherals<'static>,
    irqs: Irqs,
) -> &'static MultiprotocolServiceLayer<'static> {
    static SLOTS: StaticCell<SessionMem<1>> = StaticCell::new();
    static SHARED: StaticCell<MultiprotocolServiceLayer<'static>> = StaticCell::new();
    // The micro:bit v2 has no crystal for its slow clock. The chip's own oscillator is measured against the fast one every
    // 4 s where it has become warmer or colder, every 8 s otherwise, and is then within 500 parts in a million.
    let clock = raw::mpsl_clock_lfclk_cfg_t {
        source: raw::MPSL_CLOCK_LF_SRC_RC as u8,
        rc_ctiv: raw::MPSL_RECOMMENDED_RC_CTIV as u8,
        rc_temp_ctiv: raw::MPSL_RECOMMENDED_RC_TEMP_CTIV as u8,
        accuracy_ppm: raw::MPSL_WORST_CLOCK_ACCURACY_PPM as u16,
        skip_wait_lfclk_started: raw::MPSL_DEFAULT_SKIP_WAIT_LFCLK_STARTED != 0,
    };
    let slots = SLOTS.init(SessionMem::new());
    match MultiprotocolServiceLayer::with_timeslots::<interrupt::typelevel::EGU0_SWI0, _, 1>(
        p, irqs, clock, slots,
    ) {
        Ok(shared) => SHARED.init(shared),
        Err(_) => panic!("the radio cannot be shared"),
    }
}

/// Does what the radio's interrupts leave to be done.
#[embassy_executor::task]
pub(crate) async fn serve(mpsl: &'static MultiprotocolServiceLayer<'static>) -> ! {
    mpsl.run().await
}

/// The link layer, for one laptop at a time.
pub(crate) fn controller(
    p: nrf_sdc::Peripherals<'static>,
    rng: Peri<'static, RNG>,
    mpsl: &'static MultiprotocolServiceLayer<'static>,
) -> &'static SoftdeviceController<'static> {
    static RANDOM: StaticCell<Rng<'static, Blocking>> = StaticCell::new();
    static FOR_LINKS: StaticCell<nrf_sdc::Mem<MEMORY>> = StaticCell::new();
    static BUILT: StaticCell<SoftdeviceController<'static>> = StaticCell::new();
    let random = RANDOM.init(Rng::new_blocking(rng));
    let memory = FOR_LINKS.init(nrf_sdc::Mem::new());
    let built = nrf_sdc::Builder::new().and_then(|builder| {
        builder
            .support_adv()
            .support_peripheral()
            .support_dle_peripheral()
            .peripheral_count(1)?
            .buffer_cfg(PACKET, PACKET, SENT, READ)?
            .build(p, random, mpsl, memory)
    });
    match built {
        Ok(built) => BUILT.init(built),
        Err(_) => panic!("the link layer cannot be built"),
    }
}

/// What this link layer can do that others cannot.
pub(crate) struct Latency {
    controller: &'static SoftdeviceController<'static>,
}

impl Latency {
    pub(crate) const fn new(controller: &'static SoftdeviceController<'static>) -> Self {
        Self { controller }
    }
}

/// Nordic's modes: sleeps through events as agreed, or does not.
const AS_AGREED: u8 = 0;
const EVERY_EVENT: u8 = 1;

impl Radio for Latency {
    async fn listen_at_every_event(&mut self, link: u16, yes: bool) {
        let mode = if yes { EVERY_EVENT } else { AS_AGREED };
        let params = NordicPeripheralLatencyModeSetParams { handle: ConnHandle::new(link), mode };
        // A link that has just ended is none to listen on.
        let _ = self.controller.exec(&NordicPeripheralLatencyModeSet::new(params)).await;
    }
}
