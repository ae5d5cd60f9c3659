#!/usr/bin/env bash
# The step of action.yml: runs one command of the project's own Tenon. Works in any CI that sets the variables below.
# Reads TENON_ACTION_*; writes GITHUB_OUTPUT and GITHUB_STEP_SUMMARY, where they are set. Exit code: that of the
# command (docs/errors.md), but for a plan that has changes, which is no failure.
set -uo pipefail

command=${TENON_ACTION_COMMAND:-check}
environment=${TENON_ACTION_ENVIRONMENT:-}
# Of this step alone: a job may plan several environments, and deploy each plan later.
folder=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/tenon.XXXXXX") || exit 11
plan_file=$folder/plan.json
markdown_file=$folder/plan.md
answer_file=$folder/answer.json

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

# Reads one field of a saved plan or of an answer; the expression is ours, the file is data.
read_json() {
  node -e '
    const answer = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    const { changes, baseVersion } = answer.plan;
    const fields = {
      changes: () => changes.length,
      destructive: () => changes.some((change) => change.class === "destructive"),
      // Nothing to deploy: what is live already.
      version: () => answer.deployment?.version ?? baseVersion,
      // The same external-id again may answer with a version that another one has replaced.
      live: () => answer.deployment?.active ?? true,
    };
    console.log(fields[process.argv[2]]());
  ' "$1" "$2"
}

target=()
if [ -n "$environment" ]; then target+=(--env "$environment"); fi
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

# $1: the file with the plan.
tell_changes() {
  put_output changes "$(read_json "$1" changes)"
  put_output destructive "$(read_json "$1" destructive)"
}

# 2: there are changes, which is what a plan is for.
run_plan() {
  local code
  "${tenon[@]}" plan "${target[@]}" --out "$plan_file" --format markdown >"$markdown_file"
  code=$?
  if [ $code -ne 0 ] && [ $code -ne 2 ]; then return $code; fi
  tell_changes "$plan_file"
  put_output plan-file "$plan_file"
  put_output plan-markdown "$markdown_file"
  put_summary <"$markdown_file"
  cat "$markdown_file"
}

# Runs what makes a version live; its words are the arguments.
run_release() {
  local code version flags=(--yes --json)
  if [ "${TENON_ACTION_ALLOW_DESTRUCTIVE:-false}" = true ]; then flags+=(--allow-destructive); fi
  "${tenon[@]}" "$@" "${target[@]}" "${flags[@]}" >"$answer_file"
  code=$?
  cat "$answer_file"
  if [ $code -ne 0 ]; then return $code; fi
  tell_changes "$answer_file"
  version=$(read_json "$answer_file" version)
  put_output version "$version"
  if [ "$(read_json "$answer_file" live)" = true ]; then
    echo "Tenon: version $version is live." | put_summary
  else
    echo "Tenon: this was deployed as version $version before, and another version is live now." | put_summary
  fi
}

run_deploy() {
  local message words=(deploy)
  message=$(git log -1 --format=%s 2>/dev/null) || message=
  if [ -n "$message" ]; then words+=(--message "$message"); fi
  if [ -n "${TENON_ACTION_EXTERNAL_ID:-}" ]; then words+=(--external-id "$TENON_ACTION_EXTERNAL_ID"); fi
  if [ -n "${TENON_ACTION_PLAN_FILE:-}" ]; then words+=(--plan "$TENON_ACTION_PLAN_FILE"); fi
  run_release "${words[@]}"
}

# A pull request's own environment: its name is made of the number, never of what somebody typed.
run_preview() {
  local name=${TENON_ACTION_PREVIEW:-pr-${TENON_ACTION_PULL_REQUEST:-}}
  if [ "$name" = pr- ]; then fail 'preview needs a pull request, or the input preview.'; fi
  target+=(--preview "$name")
  if [ -n "${TENON_ACTION_TTL:-}" ]; then target+=(--ttl "$TENON_ACTION_TTL"); fi
  run_deploy
}

# The version brings its message and its external id along.
run_promote() {
  if [ -z "$environment" ] || [ -z "${TENON_ACTION_FROM:-}" ]; then fail 'promote needs the inputs from and environment.'; fi
  run_release promote --from "$TENON_ACTION_FROM"
}

case $command in
  check) "${tenon[@]}" check ;;
  plan) require_key && run_plan ;;
  deploy) require_key && run_deploy ;;
  preview) require_key && run_preview ;;
  promote) require_key && run_promote ;;
  *) fail 'command is one of check, plan, deploy, preview and promote.' ;;
esac
