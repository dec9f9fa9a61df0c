//! The GATT table of a clicker: which services and characteristics it has, what may be done with each, and what a link
//! must be for it. Both sides read their identifiers here, and `GATT.md` beside this crate's manifest is generated from
//! [`TABLE`].
//!
//! **Frozen.** Central stacks cache a bonded peripheral's table, so identifiers, order and properties never change
//! within a major version. What is new travels in new messages, not in new characteristics.

/// A 128-bit identifier, as it is read aloud: the most significant byte first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Uuid(pub u128);

impl Uuid {
    /// The identifier that the Bluetooth SIG's base gives a number assigned by it.
    #[must_use]
    pub const fn assigned(short: u16) -> Self {
        Self(0x0000_0000_0000_1000_8000_0080_5f9b_34fb | ((short as u128) << 96))
    }

    /// The number assigned by the Bluetooth SIG, where it is one.
    #[must_use]
    pub const fn short(self) -> Option<u16> {
        let short = (self.0 >> 96) as u32;
        if short <= u16::MAX as u32 && Self::assigned(short as u16).0 == self.0 {
            Some(short as u16)
        } else {
            None
        }
    }

    /// The bytes in the order of the air: the least significant first.
    #[must_use]
    pub const fn to_le_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}

/// The clicker's own service. It is in every advertisement, and nothing else there tells a clicker from other devices.
pub const SERVICE: Uuid = Uuid(0xedd0_e925_1a31_4ac8_b694_ff1f_e20f_072d);

/// Notifies one [`Report`](crate::Report) at a time.
pub const REPORT: Uuid = Uuid(0xedd0_e926_1a31_4ac8_b694_ff1f_e20f_072d);

/// Takes one [`Cue`](crate::Cue) at a time.
pub const CUE: Uuid = Uuid(0xedd0_e927_1a31_4ac8_b694_ff1f_e20f_072d);

/// The clicker's [`Version`](crate::Version): a byte `major`, a byte `minor`; more may follow. Read before subscribing.
pub const VERSION: Uuid = Uuid(0xedd0_e928_1a31_4ac8_b694_ff1f_e20f_072d);

/// Battery Service, of the Bluetooth SIG.
pub const BATTERY_SERVICE: Uuid = Uuid::assigned(0x180f);

/// Battery Level, 0 to 100 in percent.
pub const BATTERY_LEVEL: Uuid = Uuid::assigned(0x2a19);

/// Device Information Service, of the Bluetooth SIG. It holds no serial number.
pub const DEVICE_INFORMATION: Uuid = Uuid::assigned(0x180a);

/// Who made it.
pub const MANUFACTURER_NAME: Uuid = Uuid::assigned(0x2a29);

/// Which board it is.
pub const MODEL_NUMBER: Uuid = Uuid::assigned(0x2a24);

/// Which firmware runs on it.
pub const FIRMWARE_REVISION: Uuid = Uuid::assigned(0x2a26);

/// What a clicker calls itself in a scan response, before the four hexadecimal digits that tell it from its neighbour.
/// They are the end of its address, which anyone in reach sees anyway.
pub const NAME: &str = "Unknot";

/// The longest text of the Device Information characteristics, in bytes: one read at the smallest MTU.
pub const MAX_TEXT: usize = 22;

/// One service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// Its name in this table.
    pub name: &'static str,
    /// Its identifier.
    pub uuid: Uuid,
    /// What it has, in the order of its handles.
    pub characteristics: &'static [Characteristic],
}

/// One characteristic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Characteristic {
    /// Its name in this table.
    pub name: &'static str,
    /// Its identifier.
    pub uuid: Uuid,
    /// What may be done with it.
    pub access: Access,
    /// What the link must be for that, and for writing its Client Characteristic Configuration.
    pub security: Security,
    /// What its value is.
    pub value: &'static str,
}

/// What may be done with a characteristic. No characteristic of a clicker does more than one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It is read.
    Read,
    /// It is written with a response, which says that the clicker's stack has it and no more.
    Write,
    /// It is subscribed to and notifies; it cannot be read.
    Notify,
}

/// What a link must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Any link will do.
    None,
    /// Encrypted with a key that was made with man-in-the-middle protection (LE Secure Connections, passkey entry).
    /// Anything less is answered by ATT error 0x05, insufficient authentication, or 0x0f, insufficient encryption.
    Authenticated,
}

/// All services, in the order of their handles, after Generic Access (0x1800) and Generic Attribute (0x1801).
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
