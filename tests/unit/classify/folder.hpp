#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

#include "classify/catalogue_loader.hpp"

namespace hotline::classify::test {

/// A catalogue's folder that lives as long as the test. It begins as a small whole catalogue; tests
/// replace files of it.
class Folder {
 public:
  Folder() : path_(fresh()) {
    write("departments.csv",
          "code,name,parent\n"
          "city,City,\n"
          "city-office,City office,city\n"
          "roads,Roads,city\n"
          "lamps,Lamps,roads\n"
          "east,East street office,city\n");
    write("categories.csv",
          "code,name,parent,department,handling,answerable,effective_from,effective_to\n"
          "C1,城建,,,,,,\n"
          "C101,路灯,C1,lamps,,,,\n"
          "C102,道路,C1,roads,,yes,,\n"
          "C103,邻里,C1,@region,,,,\n"
          "C104,表扬,C1,city-office,direct,,,\n");
    write("rules.csv",
          "id,category,phrases,weight,types,channels,unless\n"
          "r1,C101,路灯、路灯不亮,4,,,\n"
          "r2,C102,路面破损;坑洼,4,,,\n"
          "r3,C102,马路,1,,,\n"
          "r4,C103,邻居,4,,,\n"
          "r5,C104,表扬,5,,,\n"
          "r6,-,路灯巷,1,,,\n");
    write("regions.csv",
          "code,name,parent,department,aliases\n"
          "990001,东城市,,city-office,东城\n"
          "990001001,东关街道,990001,east,东关街办\n"
          "990001002,西关街道,990001,,\n"
          "990001001001,前刘村,990001001,,\n"
          "990001002001,前刘村,990001002,,\n"
          "990001001002,文昌社区,990001001,,文昌居委会\n");
    write("special.csv",
          "id,kind,to,phrases,weight\n"
          "e1,emergency,119,着火了、煤气泄漏,5\n"
          "e2,emergency,110,打群架,5\n"
          "g1,guard,emergency,去年、如果,1\n"
          "i1,ignore,,煤气泄漏报警器,1\n"
          "x1,elsewhere,法院,法院判决,5\n"
          "x2,guard,elsewhere,否则,1\n"
          "t1,type,inquiry,请问、咨询,3\n"
          "t2,type,complaint,投诉,3\n"
          "t3,type,praise,表扬,3\n");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
  }
  void remove(const std::string& name) const { std::filesystem::remove(path_ / name); }
  std::string read(const std::string& name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// The catalogue, which must load.
  std::shared_ptr<const Catalogue> load() const {
    auto catalogue = load_catalogue(path_);
    if (!catalogue) throw std::runtime_error(catalogue.error().detail);
    return *catalogue;
  }

 private:
  static std::filesystem::path fresh() {
    std::string form = (std::filesystem::temp_directory_path() / "catalogue-XXXXXX").string();
    if (::mkdtemp(form.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return form;
  }

  std::filesystem::path path_;
};

inline ClassifyInput content_of(std::string_view content) {
  ClassifyInput input;
  input.content = content;
  return input;
}

}  // namespace hotline::classify::test
