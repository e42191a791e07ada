#include "learn/whole_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

namespace hotline::learn {
namespace {

/// An open file or folder.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open(2) is what it is
      : number_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool open() const { return number_ >= 0; }
  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(number_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  bool sync() const { return ::fsync(number_) == 0; }

 private:
  int number_;
};

bool write_fresh(const std::filesystem::path& file, std::string_view bytes) {
  const Descriptor out(file, O_WRONLY | O_CREAT | O_TRUNC);
  return out.open() && out.write(bytes) && out.sync();
}

}  // namespace

Result<void> write_whole(const std::filesystem::path& file, std::string_view bytes) {
  const std::filesystem::path fresh = file.string() + ".new";
  std::error_code error;
  if (!write_fresh(fresh, bytes)) error.assign(errno, std::generic_category());
  if (!error) std::filesystem::rename(fresh, file, error);
  if (error) {
    std::error_code ignored;
    std::filesystem::remove(fresh, ignored);
    return fail(ErrorCode::internal,
                fmt::format("cannot write {}: {}", file.string(), error.message()));
  }
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const Descriptor entry(folder, O_RDONLY | O_DIRECTORY);
  if (entry.open()) entry.sync();
  return {};
}

}  // namespace hotline::learn
