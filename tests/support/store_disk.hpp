#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

namespace hotline::test {

/// A disk that can lose power and fail. Remembers how much of each file was synced; `lose_power`
/// cuts the rest off, as if the machine had stopped. For one store at a time, closed before its
/// power is lost. Thread-safe.
class FragileDisk {
 public:
  enum class Fault { none, full, broken };

  FragileDisk()
      : files_(std::make_shared<Files>(*this)), environment_(rocksdb::NewCompositeEnv(files_)) {}
  FragileDisk(const FragileDisk&) = delete;
  FragileDisk& operator=(const FragileDisk&) = delete;

  rocksdb::Env* environment() { return environment_.get(); }

  /// What appending to a write-ahead log fails with from now on.
  void fail_log_writes(Fault fault) { fault_ = fault; }
  /// What was written from now on is not synced either, whatever the store asks for.
  void ignore_syncs() { ignoring_ = true; }

  void lose_power() {
    const std::lock_guard lock(mutex_);
    for (const auto& [path, bytes] : files_bytes_) {
      if (std::filesystem::exists(path) && std::filesystem::file_size(path) > bytes.synced) {
        std::filesystem::resize_file(path, bytes.synced);
      }
    }
  }

  /// What a loss of power would take out of the write-ahead logs now.
  std::uint64_t unsynced_log_bytes() const {
    const std::lock_guard lock(mutex_);
    std::uint64_t sum = 0;
    for (const auto& [path, bytes] : files_bytes_) {
      if (is_log(path)) sum += bytes.written - bytes.synced;
    }
    return sum;
  }

 private:
  using Status = rocksdb::IOStatus;
  using Options = rocksdb::IOOptions;
  using Context = rocksdb::IODebugContext;

  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(FragileDisk& disk, std::string path, std::unique_ptr<rocksdb::FSWritableFile> file)
        : FSWritableFileOwnerWrapper(std::move(file)), disk_(disk), path_(std::move(path)) {}

    Status Append(const rocksdb::Slice& data, const Options& options, Context* context) override {
      const auto allowed = disk_.may_append(path_);
      if (!allowed.ok()) return allowed;
      disk_.note_written(path_, data.size());
      return FSWritableFileOwnerWrapper::Append(data, options, context);
    }
    Status Append(const rocksdb::Slice& data, const Options& options,
                  const rocksdb::DataVerificationInfo&, Context* context) override {
      return Append(data, options, context);
    }
    Status Sync(const Options&, Context*) override { return synced(); }
    Status Fsync(const Options&, Context*) override { return synced(); }

   private:
    /// No real sync is needed: the power is lost in play only.
    Status synced() {
      disk_.note_synced(path_);
      return Status::OK();
    }

    FragileDisk& disk_;
    std::string path_;
  };

  class Files final : public rocksdb::FileSystemWrapper {
   public:
    explicit Files(FragileDisk& disk)
        : FileSystemWrapper(rocksdb::FileSystem::Default()), disk_(disk) {}
    const char* Name() const override { return "FragileDisk"; }

    Status NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           Context* context) override {
      auto status = FileSystemWrapper::NewWritableFile(path, options, file, context);
      if (!status.ok()) return status;
      disk_.note_made(path);
      *file = std::make_unique<File>(disk_, path, std::move(*file));
      return status;
    }
    Status RenameFile(const std::string& from, const std::string& to, const Options& options,
                      Context* context) override {
      auto status = FileSystemWrapper::RenameFile(from, to, options, context);
      if (status.ok()) disk_.note_renamed(from, to);
      return status;
    }

   private:
    FragileDisk& disk_;
  };

  struct Bytes {
    std::uint64_t written = 0;
    std::uint64_t synced = 0;
  };

  static bool is_log(std::string_view path) { return path.ends_with(".log"); }
  Status may_append(const std::string& path) const {
    if (!is_log(path) || fault_ == Fault::none) return Status::OK();
    return fault_ == Fault::full ? Status::NoSpace("injected") : Status::IOError("injected");
  }
  void note_made(const std::string& path) {
    const std::lock_guard lock(mutex_);
    files_bytes_[path] = {};
  }
  void note_written(const std::string& path, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    files_bytes_[path].written += bytes;
  }
  void note_synced(const std::string& path) {
    const std::lock_guard lock(mutex_);
    Bytes& bytes = files_bytes_[path];
    if (!ignoring_) bytes.synced = bytes.written;
  }
  void note_renamed(const std::string& from, const std::string& to) {
    const std::lock_guard lock(mutex_);
    const auto known = files_bytes_.extract(from);
    if (!known.empty()) files_bytes_[to] = known.mapped();
  }

  std::atomic<Fault> fault_ = Fault::none;
  std::atomic<bool> ignoring_ = false;
  mutable std::mutex mutex_;
  std::map<std::string, Bytes> files_bytes_;  // protected by mutex_
  std::shared_ptr<Files> files_;
  std::unique_ptr<rocksdb::Env> environment_;
};

}  // namespace hotline::test
