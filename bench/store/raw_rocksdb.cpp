// The baseline of durable intake: RocksDB itself, with the daemon's column families and options,
// writing the very bytes of intakes, one sync a batch. Prints one line of JSON.
#include <chrono>
#include <iostream>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <rocksdb/db.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "bench/fixtures/tape.hpp"
#include "storage/rocks_columns.hpp"
#include "support/store_folder.hpp"

namespace {

void require(const rocksdb::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

class Database {
 public:
  explicit Database(const std::filesystem::path& path) {
    hotline::RocksOptions options;
    options.path = path;
    rocksdb::DB* db = nullptr;
    require(rocksdb::DB::Open(hotline::database_options(options), path.string(),
                              hotline::column_families(options), &families_, &db));
    db_.reset(db);
  }
  ~Database() {
    for (auto* family : families_) db_->DestroyColumnFamilyHandle(family);
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void write(const hotline::Batch& batch) {
    rocksdb::WriteBatch changes(batch.bytes());
    for (const auto& op : batch.ops()) {
      auto* family = families_[static_cast<std::size_t>(op.space)];
      require(op.value ? changes.Put(family, op.key, *op.value) : changes.Delete(family, op.key));
    }
    rocksdb::WriteOptions durable;
    durable.sync = true;
    require(db_->Write(durable, &changes));
  }

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

struct Options {
  std::size_t batch = 64;
  std::size_t tickets = 20'000;
};

void measure(const Options& options) {
  const auto batches = bench::intake_batches(options.tickets / options.batch + 1, options.batch);
  const hotline::test::StoreFolder folder;
  Database database(folder.path());
  std::size_t bytes = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& batch : batches) {
    database.write(batch);
    bytes += batch.bytes();
  }
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
  const auto tickets = static_cast<double>(batches.size() * options.batch);
  const boost::json::object out{{"batch", options.batch},
                                {"per_second", tickets / spent.count()},
                                {"bytes_per_ticket", static_cast<double>(bytes) / tickets}};
  std::cout << boost::json::serialize(out) << '\n';
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{"Writes the bytes of intakes into RocksDB, in a fresh folder under TMPDIR"};
  Options options;
  app.add_option("--batch", options.batch, "tickets that share a sync")->check(CLI::Range(1, 4096));
  app.add_option("--tickets", options.tickets, "how many in all")->check(CLI::Range(1, 200'000));
  CLI11_PARSE(app, argc, argv);
  spdlog::set_default_logger(spdlog::stderr_color_mt("raw_rocksdb"));  // the result has stdout
  measure(options);
} catch (const std::exception& error) {
  std::cerr << "raw_rocksdb: " << error.what() << '\n';
  return 2;
}
