#!/usr/bin/env bash
# The step of action.yml: runs one command of the project's own Tenon. Works in any CI that sets the variables below.
# Reads TENON_ACTION_*; writes GITHUB_OUTPUT and GITHUB_STEP_SUMMARY, where they are set. Exit code: that of the
# command (docs/errors.md), but for a plan that has changes, which is no failure.
set -uo pipefail

command=${TENON_ACTION_COMMAND:-check}
environment=${TENON_ACTION_ENVIRONMENT:-}
folder=${RUNNER_TEMP:-$(mktemp -d)}
plan_file=$folder/tenon-plan.json
markdown_file=$folder/tenon-plan.md
answer_file=$folder/tenon-answer.json

cd -- "${TENON_ACTION_DIRECTORY:-.}" || exit 11

fail() {
  echo "::error title=Tenon::$1" >&2
  exit 11
}

put_output() {
  if [ -n "${GITHUB_OUTPUT:-}" ]; then printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; fi
}

put_summary() {
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat >>"$GITHUB_STEP_SUMMARY"; else cat >/dev/null; fi
}

# The nearest lock file says which package manager the project has.
find_package_manager() {
  local at=$PWD
  while :; do
    if [ -f "$at/pnpm-lock.yaml" ]; then echo pnpm && return; fi
    if [ -f "$at/yarn.lock" ]; then echo yarn && return; fi
    if [ -f "$at/bun.lock" ] || [ -f "$at/bun.lockb" ]; then echo bun && return; fi
    if [ -f "$at/package-lock.json" ] || [ "$at" = / ]; then echo npm && return; fi
    at=$(dirname -- "$at")
  done
}

case ${TENON_ACTION_PACKAGE_MANAGER:-$(find_package_manager)} in
  npm) tenon=(npx --no-install tenon) ;;
  pnpm) tenon=(pnpm exec tenon) ;;
  yarn) tenon=(yarn run tenon) ;;
  bun) tenon=(bunx --no-install tenon) ;;
  *) fail 'package-manager is one of npm, pnpm, yarn and bun.' ;;
esac

# Reads one field of a JSON file; the expression is ours, the file is data.
read_json() {
  node -e '
    const answer = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    const plan = answer.error?.details?.plan ?? answer.plan ?? answer;
    const changes = plan.changes ?? [];
    const fields = {
      changes: () => changes.length,
      destructive: () => changes.some((change) => change.class === "destructive"),
      version: () => answer.deployment?.version ?? answer.version ?? plan.baseVersion ?? "",
      plan: () => JSON.stringify(plan),
    };
    console.log(fields[process.argv[2]]());
  ' "$1" "$2"
}

target=()
if [ -n "$environment" ] && [ "$command" != preview ] && [ "$command" != promote ]; then target+=(--env "$environment"); fi
if [ -n "${TENON_ACTION_URL:-}" ]; then target+=(--url "$TENON_ACTION_URL"); fi
# In the environment rather than on the command line, where every process of the machine reads it.
if [ -n "${TENON_ACTION_API_KEY:-}" ]; then export TENON_API_KEY=$TENON_ACTION_API_KEY; fi

# A pull request from a fork gets no secrets: what needs none is done, the rest is said to be left out.
require_key() {
  if [ -n "${TENON_ACTION_API_KEY:-}" ] || [ "${TENON_ACTION_NEEDS_KEY:-true}" = false ]; then return; fi
  if [ -n "${TENON_ACTION_PULL_REQUEST:-}" ] && [ "$command" != promote ]; then
    echo "::notice title=Tenon::There is no api-key, as on pull requests from forks: the project is only checked."
    "${tenon[@]}" check
    exit $?
  fi
  fail "$command needs an api-key: pass a secret of the repository."
}

# Keeps what the plan says as outputs, and as a summary of the job.
tell_plan() {
  read_json "$answer_file" plan >"$plan_file"
  put_output changes "$(read_json "$answer_file" changes)"
  put_output destructive "$(read_json "$answer_file" destructive)"
  put_output plan-file "$plan_file"
}

run_plan() {
  local code
  "${tenon[@]}" plan "${target[@]}" --json >"$answer_file"
  code=$?
  if [ $code -ne 0 ] && [ $code -ne 2 ]; then
    cat "$answer_file" >&2
    return $code
  fi
  tell_plan
  "${tenon[@]}" plan "${target[@]}" --format markdown >"$markdown_file" 2>/dev/null
  # A project may pin a Tenon that has no Markdown yet (11: an unknown flag).
  if [ $? -eq 11 ]; then
    { echo '```' && "${tenon[@]}" plan "${target[@]}" --no-color 2>/dev/null; echo '```'; } >"$markdown_file"
  fi
  put_output plan-markdown "$markdown_file"
  put_summary <"$markdown_file"
  cat "$markdown_file"
  return 0
}

run_deploy() {
  local code version message flags=(--yes)
  message=$(git log -1 --format=%s 2>/dev/null) || message=
  if [ -n "$message" ]; then flags+=(--message "$message"); fi
  if [ "${TENON_ACTION_ALLOW_DESTRUCTIVE:-false}" = true ]; then flags+=(--allow-destructive); fi
  if [ -n "${TENON_ACTION_EXTERNAL_ID:-}" ] && "${tenon[@]}" deploy --help | grep -q -- --external-id; then
    flags+=(--external-id "$TENON_ACTION_EXTERNAL_ID")
  fi
  "${tenon[@]}" deploy "${target[@]}" "${flags[@]}" --json >"$answer_file"
  code=$?
  cat "$answer_file"
  if [ $code -ne 0 ]; then return $code; fi
  tell_plan
  version=$(read_json "$answer_file" version)
  put_output version "$version"
  echo "Tenon: version $version is live." | put_summary
}

# A pull request's own environment: its name is made of the number, never of what somebody typed.
run_preview() {
  local name=${environment:-pr-${TENON_ACTION_PULL_REQUEST:-}}
  if [ "$name" = pr- ]; then fail 'preview needs a pull request, or the input environment.'; fi
  target+=(--env "$name")
  if [ -n "${TENON_ACTION_TTL:-}" ]; then target+=(--ttl "$TENON_ACTION_TTL"); fi
  run_deploy
}

run_promote() {
  local code flags=(--yes)
  if [ -z "$environment" ] || [ -z "${TENON_ACTION_FROM:-}" ]; then fail 'promote needs the inputs from and environment.'; fi
  if [ "${TENON_ACTION_ALLOW_DESTRUCTIVE:-false}" = true ]; then flags+=(--allow-destructive); fi
  "${tenon[@]}" promote "$TENON_ACTION_FROM" "$environment" "${target[@]}" "${flags[@]}" --json >"$answer_file"
  code=$?
  cat "$answer_file"
  if [ $code -eq 0 ]; then put_output version "$(read_json "$answer_file" version)"; fi
  return $code
}

case $command in
  check) "${tenon[@]}" check ;;
  plan) require_key && run_plan ;;
  deploy) require_key && run_deploy ;;
  preview) require_key && run_preview ;;
  promote) require_key && run_promote ;;
  *) fail 'command is one of check, plan, deploy, preview and promote.' ;;
esac
