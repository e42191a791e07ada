#include <array>

#include "config/setting.hpp"

// The configuration table. A row is all that there is to a key: parser, validation, messages and
// conf/hotlined.toml come from it.

namespace hotline {
namespace {

using enum SettingKind;
using enum TakesEffect;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

std::int64_t integer(const SettingValue& value) { return std::get<std::int64_t>(value); }
const std::string& text(const SettingValue& value) { return std::get<std::string>(value); }

template <typename Number>
Number number(const SettingValue& value) {
  return static_cast<Number>(integer(value));
}
std::size_t kib(const SettingValue& value) { return number<std::size_t>(value) << 10; }
std::size_t mib(const SettingValue& value) { return number<std::size_t>(value) << 20; }

LogLevel log_level(std::string_view word) {
  if (word == "trace") return LogLevel::trace;
  if (word == "debug") return LogLevel::debug;
  if (word == "info") return LogLevel::info;
  return word == "warn" ? LogLevel::warn : LogLevel::error;
}

constexpr double ten_years_h = 87'600;

const std::array table{
    Setting{
        "http.address", address, "127.0.0.1", 1, 0, "", "", restart,
        "IP address to listen on for the call centre, departments and call-back agents. 0.0.0.0 or "
        ":: is every interface. With auth.mode \"none\" only a loopback address is accepted.",
        [](Config& c, const SettingValue& v) { c.http.address = text(v); }},
    Setting{"http.port", whole, std::int64_t{12345}, 0, 65535, "", "", restart,
            "TCP port. 0 takes any free one and logs it.",
            [](Config& c, const SettingValue& v) { c.http.port = number<std::uint16_t>(v); }},
    Setting{"http.threads", whole, std::int64_t{0}, 0, 256, "threads", "", restart,
            "Threads that read and answer requests. 0 is one a core, which is right unless the "
            "machine is shared.",
            [](Config& c, const SettingValue& v) { c.http.threads = number<unsigned>(v); }},
    Setting{"http.header_kb_max", whole, std::int64_t{16}, 4, 256, "KiB", "", restart,
            "Largest request header. Beyond it: 431.",
            [](Config& c, const SettingValue& v) { c.http.header_bytes_max = kib(v); }},
    Setting{"http.body_kb_max", whole, std::int64_t{1024}, 16, 65536, "KiB", "", restart,
            "Largest request body. Beyond it: 413. A ticket is a few KiB; attachments are links, "
            "not bodies.",
            [](Config& c, const SettingValue& v) { c.http.body_bytes_max = kib(v); }},
    Setting{
        "http.connections_max", whole, std::int64_t{20'000}, 16, 1'000'000, "connections", "",
        restart,
        "Connections open at once; one more is closed at the door. A department that waits for "
        "tickets holds one. Each costs a file descriptor: raise LimitNOFILE in the service file "
        "with it.",
        [](Config& c, const SettingValue& v) { c.http.connections_max = number<std::size_t>(v); }},
    Setting{
        "http.header_timeout_ms", whole, std::int64_t{10'000}, 100, 600'000, "ms", "", restart,
        "From the first byte of a request to the end of its header. Ends clients that trickle.",
        [](Config& c, const SettingValue& v) { c.http.header_timeout = milliseconds{integer(v)}; }},
    Setting{
        "http.body_timeout_ms", whole, std::int64_t{30'000}, 100, 3'600'000, "ms", "", restart,
        "From the end of the header to the end of the body.",
        [](Config& c, const SettingValue& v) { c.http.body_timeout = milliseconds{integer(v)}; }},
    Setting{"http.idle_timeout_s", whole, std::int64_t{75}, 1, 3600, "s", "", restart,
            "How long a kept-alive connection may lie idle between two requests. Keep it above the "
            "same time-out of a proxy in front, or the proxy will see resets.",
            [](Config& c, const SettingValue& v) { c.http.idle_timeout = seconds{integer(v)}; }},
    Setting{
        "http.write_timeout_ms", whole, std::int64_t{30'000}, 100, 3'600'000, "ms", "", restart,
        "How long a client may take to accept an answer before its connection is closed.",
        [](Config& c, const SettingValue& v) { c.http.write_timeout = milliseconds{integer(v)}; }},
    Setting{
        "http.stop_timeout_ms", whole, std::int64_t{10'000}, 0, 60'000, "ms", "", restart,
        "When stopping: how long requests in flight may take to finish. Keep it below "
        "TimeoutStopSec of the service.",
        [](Config& c, const SettingValue& v) { c.http.stop_timeout = milliseconds{integer(v)}; }},

    Setting{"storage.engine", choice, "rocksdb", 0, 0, "", "rocksdb memory", restart,
            "rocksdb keeps every acknowledged ticket on disk. memory forgets everything at stop: "
            "for trials only.",
            [](Config& c, const SettingValue& v) {
              c.storage.engine =
                  text(v) == "memory" ? StorageEngine::memory : StorageEngine::rocksdb;
            }},
    Setting{
        "storage.path", path, "/var/lib/hotlined", 1, 0, "", "", restart,
        "Folder of the store; made when missing. One daemon at a time. Never edit or copy files in "
        "it while the daemon runs: POST /v1/admin/checkpoint makes a copy that can be kept.",
        [](Config& c, const SettingValue& v) { c.storage.path = text(v); }},
    Setting{
        "storage.cache_mb", whole, std::int64_t{256}, 8, 1'048'576, "MiB", "", restart,
        "Memory for blocks read from disk. More makes reads of old tickets faster, nothing else.",
        [](Config& c, const SettingValue& v) { c.storage.cache_bytes = mib(v); }},
    Setting{"storage.write_buffer_mb", whole, std::int64_t{128}, 4, 65'536, "MiB", "", restart,
            "Memory for changes that are logged and not yet sorted into files, for all key spaces "
            "together.",
            [](Config& c, const SettingValue& v) { c.storage.write_buffer_bytes = mib(v); }},

    Setting{"engine.shard", whole, std::int64_t{0}, 0, 99, "", "", restart,
            "Two digits in every ticket number (digits 7 and 8). Give each daemon of a province "
            "its own, once and for ever.",
            [](Config& c, const SettingValue& v) { c.engine.shard = number<std::uint32_t>(v); }},
    Setting{
        "engine.batch_items_max", whole, std::int64_t{512}, 1, 65'536, "commands", "", restart,
        "Commands that share one sync to disk. More carries a higher peak, at a longer worst wait.",
        [](Config& c, const SettingValue& v) {
          c.engine.batch_items_max = number<std::size_t>(v);
        }},
    Setting{"engine.queue_items_max", whole, std::int64_t{16'384}, 16, 10'000'000, "commands", "",
            restart,
            "Commands that may wait for the writer. Beyond it: 503 with Retry-After; nothing is "
            "lost, clients repeat.",
            [](Config& c, const SettingValue& v) {
              c.engine.queue_items_max = number<std::size_t>(v);
            }},
    Setting{"engine.queue_mb_max", whole, std::int64_t{64}, 1, 65'536, "MiB", "", restart,
            "The same bound in memory. Must hold at least one body of http.body_kb_max.",
            [](Config& c, const SettingValue& v) { c.engine.queue_bytes_max = mib(v); }},
    Setting{
        "engine.waiters_max", whole, std::int64_t{65'536}, 1, 10'000'000, "requests", "", restart,
        "Departments and agents that may wait at empty queues at once (wait_s). Beyond it: 503 "
        "with Retry-After.",
        [](Config& c, const SettingValue& v) { c.engine.waiters_max = number<std::size_t>(v); }},
    Setting{"engine.leases_per_queue_max", whole, std::int64_t{5000}, 1, 1'000'000, "leases", "",
            restart,
            "Tickets of one queue that may be leased at once. Stops a client that takes and never "
            "signs.",
            [](Config& c, const SettingValue& v) {
              c.engine.leases_per_queue_max = number<std::uint32_t>(v);
            }},
    Setting{"engine.deliveries_max", whole, std::int64_t{10}, 1, 1000, "deliveries", "", restart,
            "How often a ticket is handed out and not taken before it is flagged a dead letter: it "
            "then stands still in its queue, its deadlines run on, and a person must look (GET "
            "/v1/dead-letters).",
            [](Config& c, const SettingValue& v) {
              c.engine.deliveries_max = number<std::uint32_t>(v);
            }},
    Setting{"engine.idempotency_days", whole, std::int64_t{30}, 1, 400, "days", "", restart,
            "How long an Idempotency-Key is remembered. source + source_id of a ticket are "
            "remembered for ever.",
            [](Config& c, const SettingValue& v) {
              c.engine.idempotency_kept = hours{24 * integer(v)};
            }},

    Setting{"policy.zone_offset", offset, "+08:00", 0, 0, "", "", restart,
            "The zone, as its distance from UTC: in it days begin, reports count and calling hours "
            "run. Changing it on a store with tickets moves the borders of days in past reports.",
            [](Config& c, const SettingValue& v) { c.policy.zone = *parse_offset(text(v)); }},
    Setting{"policy.auto_dispatch_confidence", real, 0.75, 0, 1, "", "", restart,
            "From this confidence on a ticket is dispatched without a person (自动派单); below it "
            "goes to triage (待派单). Raise it when departments return too much, 1 dispatches "
            "hardly anything by itself. Where rules stay below it, a learned model decides with a "
            "threshold of its own, see classification.precision.",
            [](Config& c, const SettingValue& v) {
              c.policy.auto_dispatch_confidence = std::get<double>(v);
            }},
    Setting{"policy.least_satisfied", choice, "basically_satisfied", 0, 0, "",
            "very_satisfied satisfied basically_satisfied dissatisfied very_dissatisfied", restart,
            "The lowest rating that counts as satisfied in the satisfaction rate (满意率).",
            [](Config& c, const SettingValue& v) {
              c.policy.least_satisfied = *parse<Satisfaction>(text(v));
            }},
    Setting{"policy.extensions_max", whole, std::int64_t{1}, 0, 10, "extensions", "", restart,
            "Extensions (延期) that one department may be granted for one ticket. How many days "
            "one may have is a deadline rule.",
            [](Config& c, const SettingValue& v) {
              c.policy.extensions_max = number<std::uint32_t>(v);
            }},
    Setting{
        "policy.return_window_hours", whole, std::int64_t{24}, 1, ten_years_h, "h", "", restart,
        "How long after its dispatch a department may return (退单) a ticket. Anyang: 24 hours.",
        [](Config& c, const SettingValue& v) { c.policy.return_window = hours{integer(v)}; }},
    Setting{"policy.return_review_hours", whole, std::int64_t{4}, 1, ten_years_h, "h", "", restart,
            "From a return to its ruling (退单审核). The department's clock runs on meanwhile.",
            [](Config& c, const SettingValue& v) { c.policy.return_review = hours{integer(v)}; }},

    Setting{"policy.callback.direct", flag, false, 0, 0, "", "", restart,
            "Call back tickets that the centre answered itself (直办).",
            [](Config& c, const SettingValue& v) { c.policy.callback.direct = std::get<bool>(v); }},
    Setting{"policy.callback.transferred", flag, true, 0, 0, "", "", restart,
            "Call back tickets that a department answered (转办).",
            [](Config& c, const SettingValue& v) {
              c.policy.callback.transferred = std::get<bool>(v);
            }},
    Setting{"policy.callback.sample_percent", whole, std::int64_t{100}, 0, 100, "%", "", restart,
            "Share of those that is called back, chosen by the ticket's number.",
            [](Config& c, const SettingValue& v) {
              c.policy.callback.sample_percent = number<std::uint32_t>(v);
            }},
    Setting{
        "policy.callback.delay_minutes", whole, std::int64_t{30}, 0, 525'600, "min", "", restart,
        "From the answer to the first attempt.",
        [](Config& c, const SettingValue& v) { c.policy.callback.delay = minutes{integer(v)}; }},
    Setting{"policy.callback.attempts_max", whole, std::int64_t{3}, 1, 20, "attempts", "", restart,
            "Attempts to reach a citizen; then the ticket closes unrated.",
            [](Config& c, const SettingValue& v) {
              c.policy.callback.attempts_max = number<std::uint32_t>(v);
            }},
    Setting{"policy.callback.retry_delay_minutes", whole, std::int64_t{120}, 1, 525'600, "min", "",
            restart, "From the first attempt to the second; doubled after each further one.",
            [](Config& c, const SettingValue& v) {
              c.policy.callback.retry_delay = minutes{integer(v)};
            }},
    Setting{"policy.callback.hours_from", clock, "09:00", 0, 0, "", "", restart,
            "Citizens are called from this time of day ...",
            [](Config& c, const SettingValue& v) {
              c.policy.callback.hours_from = *parse_clock(text(v));
            }},
    Setting{"policy.callback.hours_to", clock, "20:00", 0, 0, "", "", restart,
            "... to this one. What falls due outside waits for the next morning.",
            [](Config& c, const SettingValue& v) {
              c.policy.callback.hours_to = *parse_clock(text(v));
            }},
    Setting{"policy.callback.redo_max", whole, std::int64_t{2}, 0, 20, "redos", "", restart,
            "How often a dissatisfied or unresolved ticket goes back to its department. From the "
            "second time on it is supervised (督办). 0 never sends one back.",
            [](Config& c, const SettingValue& v) {
              c.policy.callback.redo_max = number<std::uint32_t>(v);
            }},

    Setting{"policy.notice.reminder", flag, true, 0, 0, "", "", restart,
            "Tell a department that its time to resolve ends soon (催办); how long before is a "
            "deadline rule.",
            [](Config& c, const SettingValue& v) { c.policy.notice.reminder = std::get<bool>(v); }},
    Setting{"policy.notice.overdue", flag, true, 0, 0, "", "", restart,
            "Tell it that the time has ended (超期), as long afterwards as the deadline rules say.",
            [](Config& c, const SettingValue& v) { c.policy.notice.overdue = std::get<bool>(v); }},
    Setting{"policy.notice.extended", flag, true, 0, 0, "", "", restart,
            "Tell a citizen that the department was granted more time (延期告知).",
            [](Config& c, const SettingValue& v) { c.policy.notice.extended = std::get<bool>(v); }},
    Setting{"policy.notice.received", flag, false, 0, 0, "", "", restart,
            "Send a citizen the ticket's number (受理告知); not when the call was answered on the "
            "spot.",
            [](Config& c, const SettingValue& v) { c.policy.notice.received = std::get<bool>(v); }},
    Setting{"policy.notice.answered", flag, false, 0, 0, "", "", restart,
            "Tell a citizen that the matter has its answer, when nobody will call back (办结告知).",
            [](Config& c, const SettingValue& v) { c.policy.notice.answered = std::get<bool>(v); }},

    Setting{
        "policy.publishing.decimals", whole, std::int64_t{1}, 0, 2, "", "", restart,
        "Decimals of every percentage in a report, rounded half up. Rates always stand beside "
        "their numerator and denominator.",
        [](Config& c, const SettingValue& v) { c.policy.publishing.decimals = number<int>(v); }},
    Setting{"policy.publishing.small_denominator", whole, std::int64_t{30}, 0, 1'000'000, "", "",
            restart, "A rate of fewer than this is marked as one that says little (样本少).",
            [](Config& c, const SettingValue& v) {
              c.policy.publishing.small_denominator = integer(v);
            }},

    Setting{
        "catalogue.path", path, "/etc/hotlined/catalogue", 1, 0, "", "", reload,
        "Folder of the dispatch catalogue (派单目录), department tree and regions, as CSV that a "
        "spreadsheet can edit. After editing: systemctl reload hotlined. The files are validated "
        "whole; when one is wrong the old ones stay in force and the log says which line.",
        [](Config& c, const SettingValue& v) { c.catalogue_path = text(v); }},

    Setting{
        "classification.model", path, "", 0, 0, "", "", reload,
        "Model file of hotline-train, which decides where the catalogue's rules are silent. Empty: "
        "rules alone decide. It is read with the catalogue; one that does not fit is refused, the "
        "old one and the old catalogue stay in force and the log says why. Put a new one in its "
        "place with mv, never write into it.",
        [](Config& c, const SettingValue& v) { c.learned.model = text(v); }},
    Setting{"classification.precision", real, 0.97, 0.5, 1, "", "", restart,
            "Share of the model's own dispatches that must be right. From it the model file takes "
            "the confidence from which on a ticket goes without a person, out of your city's own "
            "held-out rows; a model that cannot prove it is refused. 1: the model only proposes.",
            [](Config& c, const SettingValue& v) { c.learned.precision = std::get<double>(v); }},

    Setting{
        "deadlines.path", path, "/etc/hotlined/deadlines", 1, 0, "", "", reload,
        "Folder of the time limits (办理时限): rules.csv by type, urgency, category and round, and "
        "holidays.csv, the yearly public holidays and make-up working days. After editing: "
        "systemctl reload hotlined; open deadlines are then counted anew. The files are validated "
        "whole; when one is wrong the old ones stay in force and the log says which line.",
        [](Config& c, const SettingValue& v) { c.deadlines_path = text(v); }},
    Setting{
        "deadlines.morning_from", clock, "09:00", 0, 0, "", "", restart,
        "The office's hours, in which limits in working hours (wh) run; notices of a day go out "
        "when it opens.",
        [](Config& c, const SettingValue& v) {
          c.working_hours.morning_from = *parse_clock(text(v));
        }},
    Setting{"deadlines.morning_to", clock, "12:00", 0, 0, "", "", restart, "",
            [](Config& c, const SettingValue& v) {
              c.working_hours.morning_to = *parse_clock(text(v));
            }},
    Setting{"deadlines.afternoon_from", clock, "13:00", 0, 0, "", "", restart, "",
            [](Config& c, const SettingValue& v) {
              c.working_hours.afternoon_from = *parse_clock(text(v));
            }},
    Setting{"deadlines.afternoon_to", clock, "18:00", 0, 0, "", "", restart, "",
            [](Config& c, const SettingValue& v) {
              c.working_hours.afternoon_to = *parse_clock(text(v));
            }},

    Setting{"auth.mode", choice, "tokens", 0, 0, "", "tokens none", restart,
            "tokens: every call but the health checks needs \"Authorization: Bearer ...\". none: "
            "everybody may do everything; for trials, accepted on a loopback address only.",
            [](Config& c, const SettingValue& v) {
              c.auth.mode = text(v) == "none" ? AuthMode::none : AuthMode::tokens;
            }},
    Setting{"auth.tokens_file", path, "/etc/hotlined/tokens.json", 0, 0, "", "", restart,
            "File of the tokens' hashes and scopes. A token itself is written nowhere.",
            [](Config& c, const SettingValue& v) { c.auth.tokens_file = text(v); }},

    Setting{"log.level", choice, "info", 0, 0, "", "trace debug info warn error", restart,
            "Least severity that is logged. No level logs personal data.",
            [](Config& c, const SettingValue& v) { c.log.level = log_level(text(v)); }},
    Setting{"log.format", choice, "text", 0, 0, "", "text json", restart,
            "text for people, json (one object a line) for a log collector. Goes to standard "
            "error: journalctl -u hotlined.",
            [](Config& c, const SettingValue& v) {
              c.log.format = text(v) == "json" ? LogFormat::json : LogFormat::text;
            }},
    Setting{"log.access", flag, false, 0, 0, "", "", restart,
            "One line a request: method, route, status, time, request id. Costs about 200 bytes of "
            "log each.",
            [](Config& c, const SettingValue& v) { c.log.access = std::get<bool>(v); }},

    Setting{"metrics.address", address, "", 0, 0, "", "", restart,
            "IP address of a second listener that serves /metrics alone and needs no token, for a "
            "Prometheus on another network. Empty: /metrics is on the main listener only, behind a "
            "token with the scope \"metrics\".",
            [](Config& c, const SettingValue& v) { c.metrics.address = text(v); }},
    Setting{"metrics.port", whole, std::int64_t{12346}, 0, 65535, "", "", restart,
            "Its TCP port. Unused while metrics.address is empty.",
            [](Config& c, const SettingValue& v) { c.metrics.port = number<std::uint16_t>(v); }},
    Setting{
        "metrics.queues_max", whole, std::int64_t{100}, 1, 10'000, "queues", "", restart,
        "Queues with series of their own, the deepest first; all others are summed under "
        "queue=\"other\". Each queue is six series in Prometheus.",
        [](Config& c, const SettingValue& v) { c.metrics.queues_max = number<std::size_t>(v); }},
};

}  // namespace

std::span<const Setting> settings() { return table; }

std::string_view section_help(std::string_view section) {
  if (section == "classification") {
    return "Learned classification. Rules that are sure (policy.auto_dispatch_confidence) always "
           "stand above it.";
  }
  if (section == "policy.callback") return "Call-backs (回访).";
  if (section == "policy.notice") {
    return "Notices (通知), posted to the queue \"notice\" for SMS and telephone gateways. Without "
           "one, turn them off: they would wait there.";
  }
  if (section == "policy.publishing") return "How the rates of reports are published.";
  return {};
}

}  // namespace hotline
