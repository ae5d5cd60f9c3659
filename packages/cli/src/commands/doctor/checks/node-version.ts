import type { DoctorCheck } from '../doctor-check.ts';

const oldest = [20, 19] as const;

export const nodeVersion: DoctorCheck = {
  name: 'Node.js',
  about: 'machine',
  run() {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const isEnough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
    if (isEnough) return { status: 'ok', found: process.versions.node };
    return {
      status: 'failed',
      found: `${process.versions.node}, but ${oldest.join('.')} is needed`,
      fix: 'Install a current version from https://nodejs.org.',
    };
  },
};
