export enum StaffStatus {
  Active = 'active',
  Disabled = 'disabled',
}
