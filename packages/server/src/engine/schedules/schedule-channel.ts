/** The schedulers listen to it: something may be due earlier than they thought. */
export const scheduleChannel = 'tenon_schedules';
