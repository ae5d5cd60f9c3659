import { executePrefix, type PackageManager } from './package-manager.ts';

const setupSteps: Readonly<Record<PackageManager, string>> = {
  npm: `      - uses: actions/setup-node@v4
        with: { node-version: 24, cache: npm }
      - run: npm ci`,
  pnpm: `      - uses: pnpm/action-setup@v4
        with: { version: latest }
      - uses: actions/setup-node@v4
        with: { node-version: 24, cache: pnpm }
      - run: pnpm install --frozen-lockfile`,
  yarn: `      - run: corepack enable
      - uses: actions/setup-node@v4
        with: { node-version: 24, cache: yarn }
      - run: yarn install --immutable`,
  bun: `      - uses: actions/setup-node@v4
        with: { node-version: 24 }
      - uses: oven-sh/setup-bun@v2
      - run: bun install --frozen-lockfile`,
};

/**
 * .github/workflows/tenon.yml: checks every change, plans pull requests and deploys main once a server is named. The
 * same steps as the action's (action.yml of Tenon's repository), without needing it. A pull request from a fork has no
 * secret: it is only checked.
 * @param project.testCommand what replays the project's recordings
 * @param project.folder of the project in its repository; empty: the repository is the project
 */
export function createWorkflowText(
  manager: PackageManager,
  { folder = '', isYarnClassic = false, testCommand = 'tenon test --pass-with-none' } = {},
): string {
  const tenon = `${executePrefix[manager]} tenon`;
  // Packages are installed where the lock file is; the rest happens in the project.
  const inFolder = folder === '' ? '' : `\n        working-directory: ${folder}`;
  // Only of the steps that need it: what packages run while they are installed does not see the key.
  const target = `        env:
          TENON_URL: \${{ vars.TENON_URL }}
          TENON_API_KEY: \${{ secrets.TENON_API_KEY }}`;
  return `name: tenon
on:
  push: { branches: [main] }
  pull_request:
jobs:
  tenon:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@v4
${isYarnClassic ? setupSteps[manager].replace('--immutable', '--frozen-lockfile') : setupSteps[manager]}
      - run: ${tenon} check${inFolder}
      - run: ${executePrefix[manager]} ${testCommand}${inFolder}
      # Set the variable TENON_URL and the secret TENON_API_KEY in the repository's settings to plan and deploy.
      # Pull requests from forks have no secrets: they are only checked. A plan that has changes ends with 2.
      # It is the summary of the job; the commit names its deployment, so that the same one twice deploys once.
      - if: github.event.pull_request.head.repo.full_name == github.repository && vars.TENON_URL != ''
        run: ${tenon} plan --format markdown >> "$GITHUB_STEP_SUMMARY" || [ $? -eq 2 ]${inFolder}
${target}
      - if: github.ref == 'refs/heads/main' && vars.TENON_URL != ''
        run: ${tenon} deploy --yes --external-id "$GITHUB_SHA"${inFolder}
${target}
`;
}
