//! The GATT table of a clicker: its services and characteristics, the access each one allows and the link security it
//! requires. Both sides take their UUIDs from here, and `GATT.md` beside this crate's manifest is generated from
//! [`TABLE`].
//!
//! **Frozen.** Central stacks cache the table of a bonded peripheral, so UUIDs, order and properties never change
//! within a major version. Additions are new messages, not new characteristics.

/// A 128-bit UUID in reading order: most significant byte first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Uuid(pub u128);

impl Uuid {
    /// The UUID of a 16-bit number assigned by the Bluetooth SIG, on the SIG's base UUID.
    #[must_use]
    pub const fn assigned(short: u16) -> Self {
        Self(0x0000_0000_0000_1000_8000_0080_5f9b_34fb | ((short as u128) << 96))
    }

    /// The 16-bit number, if the UUID is on the SIG's base UUID.
    #[must_use]
    pub const fn short(self) -> Option<u16> {
        let short = (self.0 >> 96) as u32;
        if short <= u16::MAX as u32 && Self::assigned(short as u16).0 == self.0 {
            Some(short as u16)
        } else {
            None
        }
    }

    /// The bytes in transmission order: least significant first.
    #[must_use]
    pub const fn to_le_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}

/// The clicker's own service. Every advertisement contains it; scanners recognise a clicker by nothing else.
pub const SERVICE: Uuid = Uuid(0xedd0_e925_1a31_4ac8_b694_ff1f_e20f_072d);

/// Notifies one [`Report`](crate::Report) at a time.
pub const REPORT: Uuid = Uuid(0xedd0_e926_1a31_4ac8_b694_ff1f_e20f_072d);

/// Accepts one [`Cue`](crate::Cue) per write.
pub const CUE: Uuid = Uuid(0xedd0_e927_1a31_4ac8_b694_ff1f_e20f_072d);

/// The clicker's [`Version`](crate::Version): one byte `major`, one byte `minor`, possibly more. Read before
/// subscribing.
pub const VERSION: Uuid = Uuid(0xedd0_e928_1a31_4ac8_b694_ff1f_e20f_072d);

/// Battery Service of the Bluetooth SIG.
pub const BATTERY_SERVICE: Uuid = Uuid::assigned(0x180f);

/// Battery Level, 0 to 100 percent.
pub const BATTERY_LEVEL: Uuid = Uuid::assigned(0x2a19);

/// Device Information Service of the Bluetooth SIG. It has no serial number.
pub const DEVICE_INFORMATION: Uuid = Uuid::assigned(0x180a);

/// Manufacturer Name String.
pub const MANUFACTURER_NAME: Uuid = Uuid::assigned(0x2a29);

/// Model Number String: the board.
pub const MODEL_NUMBER: Uuid = Uuid::assigned(0x2a24);

/// Firmware Revision String.
pub const FIRMWARE_REVISION: Uuid = Uuid::assigned(0x2a26);

/// The local name in a scan response, followed by four hexadecimal digits that distinguish clickers nearby. They are
/// the end of the address, which is public anyway.
pub const NAME: &str = "Unknot";

/// The longest Device Information string, in bytes: one read at the smallest MTU.
pub const MAX_TEXT: usize = 22;

/// A service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// Name in the table.
    pub name: &'static str,
    /// UUID.
    pub uuid: Uuid,
    /// Characteristics in handle order.
    pub characteristics: &'static [Characteristic],
}

/// A characteristic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Characteristic {
    /// Name in the table.
    pub name: &'static str,
    /// UUID.
    pub uuid: Uuid,
    /// Access it allows.
    pub access: Access,
    /// Link security required for that access and for writing its Client Characteristic Configuration.
    pub security: Security,
    /// Format of its value.
    pub value: &'static str,
}

/// Access to a characteristic. Each characteristic of a clicker allows exactly one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read.
    Read,
    /// Write with response. The response says that the clicker's stack has received the value, and no more.
    Write,
    /// Subscribe and notify; it cannot be read.
    Notify,
}

/// Link security.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// None required.
    None,
    /// Encrypted with a key made with man-in-the-middle protection (LE Secure Connections, passkey entry). Otherwise
    /// the clicker replies with ATT error 0x05 (insufficient authentication) or 0x0f (insufficient encryption).
    Authenticated,
}

/// All services in handle order, after Generic Access (0x1800) and Generic Attribute (0x1801).
pub const TABLE: &[Service] = &[
    Service {
        name: "Unknot clicker",
        uuid: SERVICE,
        characteristics: &[
            Characteristic {
                name: "Report",
                uuid: REPORT,
                access: Access::Notify,
                security: Security::Authenticated,
                value: "one report, 1 to 20 bytes",
            },
            Characteristic {
                name: "Cue",
                uuid: CUE,
                access: Access::Write,
                security: Security::Authenticated,
                value: "one cue, 1 to 20 bytes",
            },
            Characteristic {
                name: "Version",
                uuid: VERSION,
                access: Access::Read,
                security: Security::Authenticated,
                value: "major, minor: a byte each; more may follow",
            },
        ],
    },
    Service {
        name: "Battery",
        uuid: BATTERY_SERVICE,
        characteristics: &[Characteristic {
            name: "Battery Level",
            uuid: BATTERY_LEVEL,
            access: Access::Read,
            security: Security::None,
            value: "percent, one byte, 0 to 100",
        }],
    },
    Service {
        name: "Device Information",
        uuid: DEVICE_INFORMATION,
        characteristics: &[
            Characteristic {
                name: "Manufacturer Name",
                uuid: MANUFACTURER_NAME,
                access: Access::Read,
                security: Security::None,
                value: "text, at most 22 bytes",
            },
            Characteristic {
                name: "Model Number",
                uuid: MODEL_NUMBER,
                access: Access::Read,
                security: Security::None,
                value: "text, at most 22 bytes",
            },
            Characteristic {
                name: "Firmware Revision",
                uuid: FIRMWARE_REVISION,
                access: Access::Read,
                security: Security::None,
                value: "text, at most 22 bytes",
            },
        ],
    },
];
