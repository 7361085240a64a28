#!/usr/bin/env bash
# Sets up a small business over the API, sends it six leads, and takes one of them from capture to delivery. Prints every step.
# Usage: quickstart.sh URL KEY      (an admin key; a repeat continues on the same workspace)
set -euo pipefail

url=${1:-${CAPACITYMESH_URL:-http://127.0.0.1:5080}}
key=${2:-${CAPACITYMESH_KEY:-}}
[[ -n $key ]] || { echo "Usage: $0 URL KEY"; exit 64; }
# The key goes through a file, so that no list of processes shows it.
header=$(mktemp)
trap 'rm -f "$header"' EXIT
printf 'Authorization: Bearer %s\n' "$key" >"$header"
run=$(date -u +%Y%m%d%H%M%S)

# call METHOD PATH [BODY] [IDEMPOTENCY-KEY]: prints the answer; a problem ends the script with its text.
call() {
  local body status
  local arguments=(--silent --show-error --max-time 40 --request "$1" --header "@$header" --write-out '\n%{http_code}' "${url%/}$2")
  [[ -n ${3:-} ]] && arguments+=(--header 'Content-Type: application/json' --data "$3")
  [[ -n ${4:-} ]] && arguments+=(--header "Idempotency-Key: $4")
  body=$(curl "${arguments[@]}")
  status=${body##*$'\n'} body=${body%$'\n'*}
  if [[ $status != 2* ]]; then
    echo "$1 $2 answered $status: $body" >&2
    return 1
  fi
  printf '%s\n' "$body"
}

# field NAME: the first text of that name in the JSON on standard input.
field() { { grep -oE "\"$1\" *: *\"[^\"]*\"" || true; } | head -n 1 | sed -E 's/^"[^"]*" *: *"(.*)"$/\1/'; }

# days N HOUR: that hour of the day N days ahead, UTC.
days() { date -u -d "+$1 days" "+%Y-%m-%dT$2:00:00Z" 2>/dev/null || date -u "-v+${1}d" "+%Y-%m-%dT$2:00:00Z"; }

step() { printf '\n== %s\n' "$*"; }

step "A process: two stages, each served by one pool"
call PUT /v1/process '{
  "pools": [ { "id": "sales", "kind": "people" }, { "id": "onboarding", "kind": "slots" } ],
  "stages": [
    { "id": "discovery", "pool": "sales", "effort": 1, "passRate": 0.4, "promise": "P2D", "firstResponse": "PT1H", "wins": true },
    { "id": "onboarding", "pool": "onboarding", "effort": 1, "passRate": 1, "promise": "P30D" }
  ],
  "risk": 0.1, "offerTimeout": "PT15M", "waitlist": { "limit": 200, "expires": "P14D" }
}'

step "Two people with twenty conversations a week each"
call PUT /v1/people/anna '{ "name": "Anna", "pools": ["sales"], "weeklyCapacity": 20, "concurrent": 3 }'
call PUT /v1/people/ben '{ "name": "Ben", "pools": ["sales"], "weeklyCapacity": 20, "concurrent": 3 }'
call POST /v1/people/anna/status '{ "status": "available" }' >/dev/null
call POST /v1/people/ben/status '{ "status": "available" }' >/dev/null

step "Eight delivery slots, one a day"
for day in 1 2 3 4 5 6 7 8; do
  starts=$(days "$day" 09)
  call PUT "/v1/slots/day-${starts%%T*}" "{ \"pool\": \"onboarding\", \"startsAt\": \"$starts\", \"endsAt\": \"$(days "$day" 17)\" }" >/dev/null || echo "It stays as it is."
done
call GET '/v1/slots?pool=onboarding'

step "A campaign, and the promise that it makes"
call PUT /v1/campaigns/spring-search '{
  "name": "Spring search", "channel": "google", "promise": { "id": "demo-in-a-day", "text": "A demo within one day" },
  "valuePerWin": { "amount": "1200.00", "currency": "EUR" }, "dailyBudget": { "amount": "80.00", "currency": "EUR" }, "onSilence": "keep"
}'

step "Six leads: each is told at once whether there is capacity for it"
first=
for n in 1 2 3 4 5 6; do
  answer=$(call POST /v1/leads "{
    \"campaign\": \"spring-search\", \"message\": \"Please call me.\",
    \"contact\": { \"name\": \"Visitor $n\", \"email\": \"visitor-$n-$run@example.com\" } }" "quickstart-$run-$n")
  lead=$(field leadId <<<"$answer")
  printf '%s: %s\n' "$lead" "$(field decision <<<"$answer")"
  [[ -n $first ]] || first=$lead
done

step "Who is offered the first of them, and why"
person= state=
for _ in 1 2 3 4 5 6 7 8 9 10; do
  lead=$(call GET "/v1/leads/$first")
  person=$(field person <<<"$lead") state=$(field state <<<"$lead")
  [[ $state == offered && -n $person ]] && break
  sleep 0.3
done
call GET "/v1/leads/$first/why"
if [[ $state != offered || -z $person ]]; then
  echo "The lead is ${state:-nowhere} now; it is offered when somebody has room. The board shows it: $url/"
  exit 0
fi

step "$person accepts, speaks with the visitor, and the deal is won"
call POST "/v1/leads/$first/accept" "{ \"person\": \"$person\" }"
call POST "/v1/leads/$first/contacted" "{ \"person\": \"$person\" }"
call POST "/v1/leads/$first/complete" "{ \"person\": \"$person\", \"outcome\": \"passed\", \"value\": { \"amount\": \"1200.00\", \"currency\": \"EUR\" } }"

step "A delivery slot is held for it; we book it, deliver, and are done"
slot=
for _ in 1 2 3 4 5 6 7 8 9 10; do
  slot=$(call GET "/v1/leads/$first" | field slot)
  [[ -n $slot ]] && break
  sleep 0.3
done
if [[ -n $slot ]]; then
  call POST "/v1/leads/$first/book" "{ \"slot\": \"$slot\" }"
  call POST "/v1/leads/$first/start" '{}'
  call POST "/v1/leads/$first/complete" '{ "outcome": "passed" }'
else
  echo "No slot is free now; the lead keeps its place in the queue."
fi

step "Its whole way"
call GET "/v1/leads/$first/trace"

step "What limits this business now, and what the campaigns are told"
call GET /v1/constraint
call GET /v1/spend
printf '\nThe board: %s/\n' "$url"
