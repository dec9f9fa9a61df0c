//! The attribute table, built from [`wire::gatt::TABLE`].
//!
//! It is rebuilt for each connection, so that no subscription of one laptop is left for the next.

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use heapless::Vec;
use trouble_host::prelude::*;
use wire::gatt::{self, Access, Security};
use wire::{MAX_FRAME, Version};

use crate::board::BoardInfo;

/// Six for Generic Access and Generic Attribute, plus those of [`gatt::TABLE`].
pub(crate) const ATTRIBUTES: usize = GAP_SERVICE_ATTRIBUTE_COUNT + table_attribute_count();

/// Value of the version characteristic.
static VERSION: [u8; 2] = [Version::CURRENT.major, Version::CURRENT.minor];

/// Value of the Manufacturer Name characteristic.
const MANUFACTURER: &str = "Unknot";

/// An attribute server for one connection at a time.
pub(crate) type Attributes<'v> = AttributeServer<'v, NoopRawMutex, DefaultPacketPool, ATTRIBUTES, 1>;

/// The attribute server, and the handles used at run time.
pub(crate) struct Server<'v> {
    pub(crate) attributes: Attributes<'v>,
    pub(crate) report: Characteristic<[u8]>,
    pub(crate) cue: u16,
    pub(crate) battery: Characteristic<u8>,
}

/// Handle of a Client Characteristic Configuration descriptor.
pub(crate) struct Cccd(pub(crate) u16);

impl AttributeHandle for Cccd {
    type Value = u16;

    fn handle(&self) -> u16 {
        self.0
    }
}

/// Value of a [`Cccd`] that enables notifications.
pub(crate) const SUBSCRIBED: u16 = 1;

impl<'v> Server<'v> {
    /// Builds the server. `name` and the texts in `info` have at most 22 bytes.
    pub(crate) fn new(name: &'v str, info: BoardInfo) -> Self {
        let mut table = AttributeTable::new();
        // Fails only for a name longer than 22 bytes, which would be omitted.
        let _ = GapConfig::default(name).build(&mut table);
        let (mut report, mut cue, mut battery) = (None, None, None);
        for service in gatt::TABLE {
            let mut adding = table.add_service(Service::new(stack_uuid(service.uuid)));
            for characteristic in service.characteristics {
                let uuid = stack_uuid(characteristic.uuid);
                let level = match characteristic.security {
                    Security::None => PermissionLevel::Allowed,
                    Security::Authenticated => PermissionLevel::AuthenticationRequired,
                };
                let never = PermissionLevel::NotAllowed;
                match characteristic.access {
                    Access::Notify => {
                        let value = Vec::<u8, MAX_FRAME>::new();
                        let added =
                            adding.add_characteristic_small(uuid, [CharacteristicProp::Notify], value);
                        let added = added.read_permission(never).write_permission(never);
                        report = Some(added.cccd_permission(level).to_raw().build());
                    }
                    Access::Write => {
                        let value = Vec::<u8, MAX_FRAME>::new();
                        let added = adding.add_characteristic_small(uuid, [CharacteristicProp::Write], value);
                        let added = added.read_permission(never).write_permission(level);
                        cue = Some(added.build().handle);
                    }
                    Access::Read if characteristic.uuid == gatt::BATTERY_LEVEL => {
                        let added = adding.add_characteristic_small(uuid, [CharacteristicProp::Read], 100u8);
                        let added = added.read_permission(level).write_permission(never);
                        battery = Some(added.build());
                    }
                    Access::Read => {
                        let value = value_of(characteristic.uuid, info);
                        let added = adding.add_characteristic_ro(uuid, value);
                        added.read_permission(level).write_permission(never).build();
                    }
                }
            }
        }
        let (Some(report), Some(cue), Some(battery)) = (report, cue, battery) else {
            // The table has one of each, as the test below checks.
            unreachable!("the GATT table notifies, is written and has a battery level")
        };
        Self { attributes: AttributeServer::new(table), report, cue, battery }
    }

    /// The descriptor by which a laptop subscribes to reports.
    pub(crate) fn subscription(&self) -> Cccd {
        // A notifying characteristic always has one; handle 0 belongs to no attribute.
        Cccd(self.report.cccd_handle.unwrap_or(0))
    }
}

fn value_of(uuid: gatt::Uuid, info: BoardInfo) -> &'static [u8] {
    match uuid {
        gatt::VERSION => &VERSION,
        gatt::MANUFACTURER_NAME => MANUFACTURER.as_bytes(),
        gatt::MODEL_NUMBER => info.model.as_bytes(),
        gatt::FIRMWARE_REVISION => info.firmware.as_bytes(),
        _ => &[],
    }
}

/// The UUID in the stack's type, as 16 bits if the Bluetooth SIG assigned it.
fn stack_uuid(uuid: gatt::Uuid) -> Uuid {
    match uuid.short() {
        Some(short) => Uuid::new_short(short),
        None => Uuid::new_long(uuid.to_le_bytes()),
    }
}

/// One attribute per service, two per characteristic, and one more if it notifies.
const fn table_attribute_count() -> usize {
    let mut attributes = 0;
    let mut at = 0;
    while at < gatt::TABLE.len() {
        let characteristics = gatt::TABLE[at].characteristics;
        attributes += 1;
        let mut one = 0;
        while one < characteristics.len() {
            attributes += if let Access::Notify = characteristics[one].access { 3 } else { 2 };
            one += 1;
        }
        at += 1;
    }
    attributes
}

const _: () = assert!(
    MANUFACTURER.len() <= gatt::MAX_TEXT,
    "texts of the Device Information Service fit one read at the smallest MTU"
);

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: BoardInfo = BoardInfo {
        address: [0xc0; 6],
        model: "a model of 22 letters.",
        firmware: "firmware of 22 letters",
        window: false,
    };

    const PRIMARY_SERVICE: u16 = 0x2800;
    const DECLARATION: u16 = 0x2803;
    const CONFIGURATION: u16 = 0x2902;

    /// Compares the built table, read as a laptop would discover it, with [`gatt::TABLE`].
    #[test]
    fn the_built_table_is_that_of_the_wire_and_nothing_else() {
        let server = Server::new("Unknot 0123", ABOUT);
        let table = server.attributes.table();
        assert_eq!(table.len(), ATTRIBUTES);
        let read = |handle: u16| -> Vec<u8, 32> {
            let mut bytes = [0; 32];
            let len = table.read(handle, 0, &mut bytes).unwrap();
            Vec::from_slice(&bytes[..len]).unwrap()
        };
        let is = |handle: u16, short: u16| table.uuid(handle) == Some(Uuid::new_short(short));
        let air = |uuid: gatt::Uuid| -> Vec<u8, 16> {
            match uuid.short() {
                Some(short) => Vec::from_slice(&short.to_le_bytes()).unwrap(),
                None => Vec::from_slice(&uuid.to_le_bytes()).unwrap(),
            }
        };
        let open_or = |security: Security| match security {
            Security::None => PermissionLevel::Allowed,
            Security::Authenticated => PermissionLevel::AuthenticationRequired,
        };

        let mut handle = GAP_SERVICE_ATTRIBUTE_COUNT as u16;
        let mut next = || {
            handle += 1;
            handle
        };
        for service in gatt::TABLE {
            let at = next();
            assert!(is(at, PRIMARY_SERVICE), "{}", service.name);
            assert_eq!(read(at), air(service.uuid), "{}", service.name);
            for characteristic in service.characteristics {
                let name = characteristic.name;
                let (at, value) = (next(), next());
                assert!(is(at, DECLARATION), "{name}");
                let properties: u8 = match characteristic.access {
                    Access::Read => 0x02,
                    Access::Write => 0x08,
                    Access::Notify => 0x10,
                };
                let mut declared: Vec<u8, 32> = Vec::from_slice(&[properties]).unwrap();
                declared.extend_from_slice(&value.to_le_bytes()).unwrap();
                declared.extend_from_slice(&air(characteristic.uuid)).unwrap();
                assert_eq!(read(at), declared, "{name}");

                let level = open_or(characteristic.security);
                let never = PermissionLevel::NotAllowed;
                let (may_read, may_write) = match characteristic.access {
                    Access::Read => (level, never),
                    Access::Write => (never, level),
                    Access::Notify => (never, never),
                };
                let permissions = table.permissions(value).unwrap();
                assert_eq!((permissions.read, permissions.write), (may_read, may_write), "{name}");
                if characteristic.access == Access::Notify {
                    let configuration = next();
                    assert!(is(configuration, CONFIGURATION), "{name}");
                    assert_eq!(table.permissions(configuration).unwrap().write, level, "{name}");
                }
            }
        }
        assert_eq!(usize::from(handle), ATTRIBUTES);
    }

    #[test]
    fn the_version_is_that_of_the_wire_and_every_text_fits_one_read() {
        let server = Server::new("Unknot 0123", ABOUT);
        let table = server.attributes.table();
        let mut seen = 0;
        for handle in 1..=ATTRIBUTES as u16 {
            let mut bytes = [0; 32];
            let Some(uuid) = table.uuid(handle) else { continue };
            let Ok(len) = table.read(handle, 0, &mut bytes) else { continue };
            if uuid == stack_uuid(gatt::VERSION) {
                assert_eq!(bytes[..len], [1, 0]);
                seen += 1;
            }
            let text = if uuid == stack_uuid(gatt::MANUFACTURER_NAME) {
                MANUFACTURER
            } else if uuid == stack_uuid(gatt::MODEL_NUMBER) {
                ABOUT.model
            } else if uuid == stack_uuid(gatt::FIRMWARE_REVISION) {
                ABOUT.firmware
            } else {
                continue;
            };
            assert_eq!(&bytes[..len], text.as_bytes());
            assert!(len <= gatt::MAX_TEXT);
            seen += 1;
        }
        assert_eq!(seen, 4);
    }
}
