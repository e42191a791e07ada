#include "client/export.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/fields.hpp"
#include "client/progress.hpp"

namespace hotline::client {
namespace {

constexpr milliseconds piece_timeout{120'000};

/// How the kinds are asked for and spoken of, by `ExportKind`.
struct KindWords {
  const char* name;
  const char* lines;      ///< what its lines are
  const char* ticket_id;  ///< the field that names the ticket
};
constexpr KindWords kinds[] = {
    {"tickets", "tickets", "id"}, {"events", "changes", "ticket"}, {"training", "rows", "id"}};
const KindWords& words_of(ExportKind kind) { return kinds[static_cast<std::size_t>(kind)]; }

/// What an earlier export left that is whole.
struct Kept {
  std::uint64_t bytes = 0;  ///< of the file, from its beginning
  std::uint64_t lines = 0;  ///< in them
  std::string last_ticket;  ///< in them; empty: none
};

/// Reads `file` as far as its lines are whole; one that is not there keeps nothing.
Result<Kept> kept_of(const ExportOptions& options) {
  Kept all;
  Kept before;  // the last ticket
  std::ifstream in(options.output, std::ios::binary);
  for (std::string line; std::getline(in, line) && !in.eof();) {
    const auto parsed = parse_json(line);
    const std::string ticket(parsed ? text(*parsed, words_of(options.kind).ticket_id) : "");
    if (ticket.empty()) {
      return fail(ErrorCode::invalid,
                  fmt::format("{}:{}: is no line of an export of {}", options.output, all.lines + 1,
                              words_of(options.kind).name));
    }
    if (ticket != all.last_ticket) before = all;
    all = {all.bytes + line.size() + 1, all.lines + 1, ticket};
  }
  return options.kind == ExportKind::events ? before : all;
}

std::string target_of(const ExportOptions& options, const std::string& after) {
  std::string target = fmt::format("/v1/export/{}", words_of(options.kind).name);
  char mark = '?';
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    target += fmt::format("{}{}={}", std::exchange(mark, '&'), name, percent_encoded(value));
  };
  for (const auto& [name, value] : options.filter) add(name, value);
  add("unmask", options.unmask ? "true" : "");
  add("after", after);
  return target;
}

/// Where the export goes: the file, from what it keeps on, or the terminal's output.
class Output {
 public:
  Output(const ExportOptions& options, const Kept& kept, const Terminal& terminal)
      : name_(options.output),
        kept_bytes_(kept.bytes),
        out_(name_.empty() ? terminal.out : file_) {}

  Result<void> open() {
    // Nothing of a file is lost to an export that does not begin.
    if (!name_.empty()) file_.open(name_, std::ios::binary | std::ios::app);
    return state();
  }

  Result<void> write(std::string_view text) {
    std::error_code error;
    if (!begun_ && std::filesystem::is_regular_file(name_, error)) {
      std::filesystem::resize_file(name_, kept_bytes_, error);
      if (error) return fail(ErrorCode::internal, fmt::format("{}: {}", name_, error.message()));
    }
    begun_ = true;
    out_ << text;
    return state();
  }

  Result<void> flush() {
    out_ << std::flush;
    return state();
  }

  bool begun() const { return begun_; }

 private:
  Result<void> state() const {
    if (out_) return {};
    return fail(ErrorCode::internal,
                fmt::format("cannot write {}: {}", name_.empty() ? "standard output" : name_,
                            std::generic_category().message(errno)));
  }

  const std::string name_;
  const std::uint64_t kept_bytes_;
  std::ofstream file_;
  std::ostream& out_;
  bool begun_ = false;
};

/// What is between the daemon and the output.
class Passage {
 public:
  virtual ~Passage() = default;

  virtual Result<void> take(std::string_view piece) = 0;
  /// After the last piece: writes what was held back. Fails when the daemon did not say that this
  /// was all.
  virtual Result<void> end() = 0;
  /// Lines written so far.
  virtual std::uint64_t lines() const = 0;
};

Error incomplete(const json::value& closing) {
  const auto& problem = at(closing, "problem");
  const Answer refusal{
      static_cast<unsigned>(number(problem, "status")), {}, json::serialize(problem), false, {}};
  return body_of(refusal).error();
}

/// Lines of JSON. The last one that came is held back: it may be the closing one.
class JsonPassage final : public Passage {
 public:
  explicit JsonPassage(Output& output) : output_(output) {}

  Result<void> take(std::string_view piece) override {
    held_ += piece;
    const auto end = held_.rfind('\n');
    if (end == std::string::npos || end == 0) return {};
    const auto before = held_.rfind('\n', end - 1);
    return write(before == std::string::npos ? 0 : before + 1);
  }

  Result<void> end() override {
    const auto size = held_.find('\n') + 1;  // npos: 0
    const auto closing = parse_json(std::string_view(held_).substr(0, size));
    if (!closing || member(*closing, "done") == nullptr) {
      auto written = size == 0 ? Result<void>() : write(size);
      if (!written) return written;
      return fail(ErrorCode::unavailable, "the daemon's answer ended before its last line");
    }
    if (flag(*closing, "done")) return {};
    return tl::make_unexpected(incomplete(*closing));
  }

  std::uint64_t lines() const override { return lines_; }

 private:
  Result<void> write(std::size_t size) {
    const std::string_view text = std::string_view(held_).substr(0, size);
    lines_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    auto written = output_.write(text);
    held_.erase(0, size);
    return written;
  }

  Output& output_;
  std::string held_;
  std::uint64_t lines_ = 0;
};

/// A table; its end is that of the answer. A line may have line ends in its quoted cells.
class CsvPassage final : public Passage {
 public:
  explicit CsvPassage(Output& output) : output_(output) {}

  Result<void> take(std::string_view piece) override {
    for (const char c : piece) {
      quoted_ = quoted_ != (c == '"');
      rows_ += c == '\n' && !quoted_ ? 1 : 0;
    }
    return output_.write(piece);
  }
  Result<void> end() override { return {}; }
  std::uint64_t lines() const override { return rows_ == 0 ? 0 : rows_ - 1; }

 private:
  Output& output_;
  bool quoted_ = false;
  std::uint64_t rows_ = 0;  ///< with the header
};

std::string fault_of(const Daemon& daemon, const ExportOptions& options) {
  if (daemon.access.actor.empty()) {
    return "an export is recorded with who asks: --actor 姓名, or HOTLINE_ACTOR";
  }
  if (options.kind != ExportKind::tickets && options.csv) {
    return fmt::format("--csv is a table of tickets; {} are JSON lines",
                       words_of(options.kind).lines);
  }
  if (options.kind == ExportKind::events && options.unmask) {
    return "--unmask is for tickets; events hold no personal data";
  }
  if (options.resume && options.csv) {
    return "--resume needs an export of JSON lines; a table begins anew";
  }
  if (options.resume && options.output.empty()) return "--resume needs the file: --output FILE";
  return {};
}

/// What to do about an export that broke off.
std::string advice(const ExportOptions& options, std::uint64_t lines) {
  const std::string& file = options.output;
  if (options.csv) return "what came is not the whole table; it has to be exported anew\n";
  if (file.empty()) {
    return "what was printed is not all; with --output FILE an export can be gone on with\n";
  }
  return fmt::format("{} holds {} lines; the same command with --resume goes on there\n", file,
                     lines);
}

void print_summary(const ExportOptions& options, std::uint64_t lines, const Terminal& terminal) {
  if (options.output.empty()) return;
  const char* what = words_of(options.kind).lines;
  if (terminal.json) {
    terminal.out << json::serialize(json::object{{what, lines}, {"file", options.output}}) << '\n';
  } else {
    terminal.out << fmt::format("{} {} in {}\n", lines, what, options.output);
  }
}

/// Asks, and has the answer written as it comes.
Result<void> receive(const Daemon& daemon, Call call, Passage& passage,
                     std::optional<Progress>& progress) {
  call.sink = [&](std::string_view piece) {
    auto taken = passage.take(piece);
    if (progress) progress->show(passage.lines(), {}, Steady::now());
    return taken;
  };
  HttpClient client = daemon.client();
  const auto answer = body_of(client.send(call));
  auto ended = passage.end();
  if (progress) progress->finish(passage.lines(), {}, Steady::now());
  if (!answer) return tl::make_unexpected(answer.error());
  return ended;
}

}  // namespace

Exit export_command(const Daemon& daemon, const ExportOptions& options, const Terminal& terminal) {
  if (const auto fault = fault_of(daemon, options); !fault.empty()) return refuse(terminal, fault);
  const auto kept = options.resume ? kept_of(options) : Kept{};
  if (!kept) return refuse(terminal, kept.error().detail);
  Output output(options, *kept, terminal);
  if (auto opened = output.open(); !opened) return refuse(terminal, opened.error().detail);
  std::unique_ptr<Passage> passage;
  if (options.csv) {
    passage = std::make_unique<CsvPassage>(output);
  } else {
    passage = std::make_unique<JsonPassage>(output);
  }
  std::optional<Progress> progress;
  if (options.progress) progress.emplace(terminal.err, true, "export", 0, Steady::now());
  Call call{.target = target_of(options, kept->last_ticket),
            .accept = options.csv ? "text/csv" : "application/x-ndjson",
            .timeout = piece_timeout};
  auto whole = receive(daemon, std::move(call), *passage, progress);
  const auto flushed = output.flush();
  if (whole && !flushed) whole = flushed;
  const std::uint64_t lines = kept->lines + passage->lines();
  if (whole) {
    print_summary(options, lines, terminal);
    return Exit::ok;
  }
  const Exit exit = complain(terminal, whole.error());
  if (output.begun()) terminal.err << advice(options, lines);
  return exit;
}

}  // namespace hotline::client
