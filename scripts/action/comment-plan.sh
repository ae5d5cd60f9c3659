#!/usr/bin/env bash
# Keeps one comment with the plan on a pull request: the first line of the Markdown marks it (docs/deployments.md), by
# which it is found again and replaced. Needs gh, which GitHub's runners have, and a token that may write comments.
set -euo pipefail

repository=$GITHUB_REPOSITORY
number=$TENON_ACTION_PULL_REQUEST
case $number in '' | *[!0-9]*) echo "::error title=Tenon::There is no pull request to comment on." >&2 && exit 11 ;; esac

# One comment an environment: a pull request may be planned against several.
marker=$(head -n 1 -- "$TENON_ACTION_MARKDOWN")
case $marker in
  '<!-- tenon-plan:'*' -->') ;;
  *) echo "::error title=Tenon::$TENON_ACTION_MARKDOWN is not a plan." >&2 && exit 11 ;;
esac
body=$(mktemp)
# GitHub takes 65,536 characters.
head -c 60000 -- "$TENON_ACTION_MARKDOWN" >"$body"

id=$(gh api --paginate "repos/$repository/issues/$number/comments?per_page=100" |
  TENON_MARKER=$marker node -e '
    let text = "";
    process.stdin.on("data", (chunk) => (text += chunk)).on("end", () => {
      // Pages come one after another, each an array.
      const comments = text.trim() === "" ? [] : JSON.parse(`[${text.trim().replaceAll(/\]\s*\[/g, "],[")}]`).flat();
      const own = comments.find(({ body }) => body.startsWith(process.env.TENON_MARKER));
      console.log(own?.id ?? "");
    });
  ')

if [ -n "$id" ]; then
  gh api --method PATCH "repos/$repository/issues/comments/$id" -F "body=@$body" >/dev/null
else
  gh api --method POST "repos/$repository/issues/$number/comments" -F "body=@$body" >/dev/null
fi
