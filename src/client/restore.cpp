#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "client/commands.hpp"
#include "client/fields.hpp"

namespace hotline::client {
namespace {

namespace fs = std::filesystem;

class File {
 public:
  explicit File(const fs::path& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (file_ >= 0) ::close(file_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return file_; }

 private:
  int file_;
};

/// Whether a process has the store open: it holds a lock on this file then.
bool in_use(const fs::path& store) {
  const File file(store / "LOCK");
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return file.get() >= 0 && ::fcntl(file.get(), F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

Result<void> look_at_checkpoint(const fs::path& checkpoint) {
  if (!fs::is_regular_file(checkpoint / "CURRENT")) {
    return fail(ErrorCode::invalid,
                fmt::format("{} is no checkpoint: it has no file CURRENT", checkpoint.string()));
  }
  if (!in_use(checkpoint)) return {};
  return fail(ErrorCode::invalid, fmt::format("{} is the store of a running daemon; have it make a "
                                              "checkpoint: hotlinectl checkpoint",
                                              checkpoint.string()));
}

bool lies_in(const fs::path& path, const fs::path& folder) {
  const auto inner = fs::weakly_canonical(path).lexically_relative(fs::weakly_canonical(folder));
  return !inner.empty() && *inner.begin() != "..";
}

Result<void> look_at_target(const fs::path& data, const fs::path& checkpoint) {
  const auto refuse_it = [&](std::string_view why) {
    return fail(ErrorCode::invalid, fmt::format("{} {}", data.string(), why));
  };
  if (lies_in(data, checkpoint)) return refuse_it("lies in the checkpoint, which stays as it is");
  if (in_use(data / "store")) return refuse_it("is in use by a running daemon");
  if (fs::exists(data) && !fs::is_directory(data)) return refuse_it("is no folder");
  if (fs::exists(data) && !fs::is_empty(data)) {
    return refuse_it("is not empty; name a folder that is, or that is not there yet");
  }
  return {};
}

/// A copy beside its final place; what is not kept goes again.
class Copy {
 public:
  explicit Copy(const fs::path& data) : data_(data), made_data_(!fs::exists(data)) {}
  ~Copy() {
    std::error_code ignored;
    if (kept_) return;
    fs::remove_all(folder(), ignored);
    if (made_data_) fs::remove(data_, ignored);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  fs::path folder() const { return data_ / "store.restoring"; }

  Result<void> take(const fs::path& checkpoint) const {
    std::error_code error;
    fs::create_directories(data_, error);
    if (!error) fs::copy(checkpoint, folder(), fs::copy_options::recursive, error);
    // It holds personal data, as the store does.
    if (!error) fs::permissions(folder(), fs::perms::owner_all, error);
    return outcome(error);
  }

  Result<void> keep() {
    std::error_code error;
    sync();
    fs::rename(folder(), data_ / "store", error);
    sync();
    kept_ = !error;
    return outcome(error);
  }

 private:
  Result<void> outcome(const std::error_code& error) const {
    if (!error) return {};
    return fail(ErrorCode::invalid,
                fmt::format("cannot copy to {}: {}", data_.string(), error.message()));
  }

  void sync() const {
    const File folder(data_);
    if (folder.get() >= 0) ::syncfs(folder.get());
  }

  fs::path data_;
  bool made_data_;
  bool kept_ = false;
};

/// Copies, checks the copy and puts it in its place. The checkpoint itself is only read.
Result<Findings> restore(const fs::path& checkpoint, const fs::path& data,
                         const CheckStore& check) {
  Copy copy(data);
  if (auto taken = copy.take(checkpoint); !taken) return tl::make_unexpected(taken.error());
  const auto found = check(copy.folder().string());
  if (!found || found->findings > 0) return found;
  // A store that lost its list of files opens as an empty one.
  if (found->tickets == 0) {
    return fail(ErrorCode::invalid,
                fmt::format("{} holds no ticket; nothing was restored", checkpoint.string()));
  }
  if (auto kept = copy.keep(); !kept) return tl::make_unexpected(kept.error());
  return found;
}

void print_restored(const Findings& found, const RestoreOptions& options,
                    const Terminal& terminal) {
  if (terminal.json) {
    terminal.out << json::serialize(json::object{{"tickets", found.tickets},
                                                 {"changes", found.changes},
                                                 {"findings", found.findings},
                                                 {"path", options.data}})
                 << '\n';
    return;
  }
  terminal.out << fmt::format(
      "restored {} tickets and {} changes of {} into {}; the check found nothing\nstart hotlined "
      "with storage.path = \"{}\"\n",
      found.tickets, found.changes, options.checkpoint, options.data, options.data);
}

}  // namespace

Exit restore_command(const RestoreOptions& options, const CheckStore& check,
                     const Terminal& terminal) {
  const auto fit = look_at_checkpoint(options.checkpoint).and_then([&] {
    return look_at_target(options.data, options.checkpoint);
  });
  if (!fit) return refuse(terminal, fit.error().detail);
  const auto found = restore(options.checkpoint, options.data, check);
  if (!found) return complain(terminal, {ErrorCode::invalid, found.error().detail});
  if (found->findings == 0) {
    print_restored(*found, options, terminal);
    return Exit::ok;
  }
  for (const auto& detail : found->details) terminal.err << detail << '\n';
  return complain(terminal, {ErrorCode::invalid,
                             fmt::format("the check of {} has {} findings; nothing was restored",
                                         options.checkpoint, found->findings)});
}

}  // namespace hotline::client
