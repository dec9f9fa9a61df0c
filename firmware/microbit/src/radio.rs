//! Nordic's link layer as the app's controller.

use app::Radio;
use bt_hci::controller::ControllerCmdSync;
use bt_hci::param::ConnHandle;
use embassy_nrf::mode::Blocking;
use embassy_nrf::peripherals::RNG;
use embassy_nrf::rng::Rng;
use embassy_nrf::{Peri, interrupt};
use nrf_sdc::mpsl::{self, MultiprotocolServiceLayer, SessionMem, raw};
use nrf_sdc::vendor::{
    NordicPeripheralLatencyModeSet, NordicPeripheralLatencyModeSetParams, ZephyrWriteTxPower,
    ZephyrWriteTxPowerParams,
};
use nrf_sdc::{SoftdeviceController, raw as sdc};
use static_cell::StaticCell;

use crate::Irqs;

/// Packet length in bytes, equal to the host's, so that no packet is fragmented.
const PACKET: u16 = 251;

/// Transmit buffers: two reports, and one packet of the stack.
const SENT: u8 = 3;

/// Receive buffers.
const READ: u8 = 3;

/// Memory for these, by the formulas in Nordic's `sdc.h`, which the bindings do not export: a link with its buffers, 15
/// bytes larger than a packet, in place of its default two of 27 bytes; memory shared by links; an advertising set of
/// 31 bytes; a filter list of eight. Some is spare: with too little nothing works at all.
const MEMORY: usize = {
    let packets = (SENT as usize + READ as usize) * (PACKET as usize + 15);
    let link = sdc::__MEM_MINIMAL_PERIPHERAL_LINK_SIZE as usize + packets - 2 * (27 + 15);
    let set = (5184 + 31 * 18) / 10;
    let filter = 4 + 8 * 8;
    (link + sdc::SDC_MEM_PERIPHERAL_LINKS_SHARED as usize + set + filter + 128).next_multiple_of(8)
};

/// Sets up sharing of the radio between link layer and flash.
pub(crate) fn share(
    p: mpsl::Peripherals<'static>,
    irqs: Irqs,
) -> &'static MultiprotocolServiceLayer<'static> {
    static SLOTS: StaticCell<SessionMem<1>> = StaticCell::new();
    static SHARED: StaticCell<MultiprotocolServiceLayer<'static>> = StaticCell::new();
    // The micro:bit v2 has no crystal for its low-frequency clock. The RC oscillator is calibrated against the
    // high-frequency clock every 4 s if the temperature has changed, otherwise every 8 s, and is then within 500 ppm.
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

/// Runs the low-priority part of the radio's work.
#[embassy_executor::task]
pub(crate) async fn serve(mpsl: &'static MultiprotocolServiceLayer<'static>) -> ! {
    mpsl.run().await
}

/// Builds the link layer, for one connection at a time.
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
            // The host sets the timeout of private addresses at each start.
            .support_le_privacy()
            .peripheral_count(1)?
            .buffer_cfg(PACKET, PACKET, SENT, READ)?
            .build(p, random, mpsl, memory)
    });
    match built {
        Ok(built) => BUILT.init(built),
        Err(_) => panic!("the link layer cannot be built"),
    }
}

/// The vendor-specific latency mode of this link layer.
pub(crate) struct Latency {
    controller: &'static SoftdeviceController<'static>,
}

impl Latency {
    pub(crate) const fn new(controller: &'static SoftdeviceController<'static>) -> Self {
        Self { controller }
    }
}

/// Nordic's modes: latency as negotiated, or listening at every event.
const AS_AGREED: u8 = 0;
const EVERY_EVENT: u8 = 1;

/// Transmit power in dBm: the most that the nRF52833 has, and what it starts with.
const STRONG: i8 = 8;
const NORMAL: i8 = 0;

/// Kinds of handles to which a transmit power applies: the advertising set, of which there is one, and a connection.
const ADVERTISING: u8 = 0;
const CONNECTION: u8 = 2;

impl Radio for Latency {
    async fn listen_at_every_event(&mut self, link: u16, yes: bool) {
        let mode = if yes { EVERY_EVENT } else { AS_AGREED };
        let params = NordicPeripheralLatencyModeSetParams { handle: ConnHandle::new(link), mode };
        // The connection may have ended.
        let _ = self.controller.exec(&NordicPeripheralLatencyModeSet::new(params)).await;
    }

    async fn send_strongly(&mut self, link: Option<u16>, yes: bool) {
        let params = ZephyrWriteTxPowerParams {
            handle_type: if link.is_some() { CONNECTION } else { ADVERTISING },
            handle: link.unwrap_or(0),
            tx_power_level: if yes { STRONG } else { NORMAL },
        };
        // The connection may have ended.
        let _ = self.controller.exec(&ZephyrWriteTxPower::new(params)).await;
    }
}
