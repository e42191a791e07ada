#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "classify/model.hpp"
#include "classify/model_layout.hpp"

namespace hotline::classify {

static_assert(std::endian::native == std::endian::little, "the file is read in place");
static_assert(sizeof(Word) == 16 && alignof(Word) == 4);

/// Takes values off the bytes; past the end everything is zero and `ok` false.
class ModelReader {
 public:
  explicit ModelReader(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  T take() {
    T value{};
    if (bytes_.size() - at_ < sizeof(T)) {
      ok_ = false;
      return value;
    }
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }
  float number() {
    const auto value = take<float>();
    ok_ = ok_ && std::isfinite(value);
    return value;
  }
  std::string text() {
    const auto size = take<std::uint16_t>();
    if (bytes_.size() - at_ < size) {
      ok_ = false;
      return {};
    }
    std::string value(bytes_.substr(at_, size));
    at_ += size;
    return value;
  }
  void go_to(std::size_t offset) { at_ = offset; }
  bool ok() const { return ok_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

namespace {

class OwnedModel final : public Model {
 public:
  Result<void> load(std::string bytes) {
    owned_ = std::move(bytes);
    return read(owned_);
  }

 private:
  std::string owned_;
};

/// The file may be replaced by another (rename) while it is mapped, never written in place.
class MappedModel final : public Model {
 public:
  ~MappedModel() override {
    if (data_ != nullptr) munmap(data_, size_);
  }
  Result<void> load(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return refuse_system(errno);
    auto mapped = map(descriptor);
    ::close(descriptor);
    if (!mapped) return mapped;
    return read({static_cast<const char*>(data_), size_});
  }

 private:
  static Result<void> refuse_system(int error) {
    return fail(ErrorCode::invalid,
                "cannot be read: " + std::error_code(error, std::generic_category()).message());
  }
  Result<void> map(int descriptor) {
    struct stat about {};
    if (fstat(descriptor, &about) != 0) return refuse_system(errno);
    if (!S_ISREG(about.st_mode)) return fail(ErrorCode::invalid, "is not a file");
    const auto size = static_cast<std::size_t>(about.st_size);
    if (size < header_bytes || size > model_bytes_max) {
      return fail(ErrorCode::invalid, fmt::format("its {} bytes are no model's size", size));
    }
    void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
    if (data == MAP_FAILED) return refuse_system(errno);
    data_ = data;
    size_ = size;
    return {};
  }

  void* data_ = nullptr;
  std::size_t size_ = 0;
};

Result<void> check_frame(std::string_view bytes) {
  if (bytes.size() < header_bytes || !bytes.starts_with(model_magic)) {
    return fail(ErrorCode::invalid, "is not a model file of hotline-train");
  }
  ModelReader in(bytes);
  in.go_to(model_magic.size());
  const auto format = in.take<std::uint32_t>();
  const auto features = in.take<std::uint32_t>();
  if (format != model_format_version || features != features_version) {
    return fail(ErrorCode::invalid,
                fmt::format("has format {} and reads text in way {}; this program knows format {} "
                            "and way {}: train again with its own hotline-train",
                            format, features, model_format_version, features_version));
  }
  if (const auto size = in.take<std::uint64_t>(); size != bytes.size()) {
    return fail(
        ErrorCode::invalid,
        fmt::format("has {} bytes and was written with {}: copy it again", bytes.size(), size));
  }
  if (in.take<std::uint64_t>() != model_checksum(bytes)) {
    return fail(ErrorCode::invalid, "is damaged: its checksum does not fit; copy it again");
  }
  return {};
}

bool sensible(const FeatureSettings& settings) {
  return settings.buckets_log2 >= 10 && settings.buckets_log2 <= 20 && settings.title_weight >= 1 &&
         settings.title_weight <= 16 && settings.title_characters >= 1 &&
         settings.title_characters <= 200 && settings.content_characters >= 1 &&
         settings.content_characters <= 1'500;
}

FeatureSettings take_settings(ModelReader& in) {
  FeatureSettings settings;
  settings.buckets_log2 = in.take<std::uint8_t>();
  settings.title_weight = in.take<std::uint8_t>();
  settings.title_characters = in.take<std::uint16_t>();
  settings.content_characters = in.take<std::uint16_t>();
  return settings;
}

Result<void> refuse_inside(std::string_view what) {
  return fail(ErrorCode::invalid, fmt::format("{} cannot be: train again", what));
}

}  // namespace

Result<void> Model::read(std::string_view bytes) {
  if (auto framed = check_frame(bytes); !framed) return framed;
  bytes_ = bytes;
  ModelReader in(bytes);
  in.go_to(checked_from);
  const auto rows_at = in.take<std::uint64_t>();
  const auto words_at = in.take<std::uint64_t>();
  const auto words = in.take<std::uint32_t>();
  row_bytes_ = in.take<std::uint32_t>();
  settings_ = take_settings(in);
  if (!sensible(settings_)) return refuse_inside("the settings of its features");
  const auto heads = in.take<std::uint16_t>();
  if (heads > head_kinds) return refuse_inside("the number of its heads");
  version_ = in.text();
  for (std::uint16_t i = 0; i < heads; ++i) {
    if (auto taken = read_head(in); !taken) return taken;
  }
  return place_sections(in, rows_at, words_at, words);
}

Result<void> Model::read_head(ModelReader& in) {
  HeadInfo head;
  const auto kind = in.take<std::uint8_t>();
  if (kind >= head_kinds || this->head(static_cast<HeadKind>(kind))) {
    return refuse_inside("the kind of a head");
  }
  head.kind = static_cast<HeadKind>(kind);
  const auto classes = in.take<std::uint16_t>();
  const std::size_t begin = begins_[heads_.size()];
  if (begin + classes > classes_max ||
      (head.kind == HeadKind::inquiry ? classes != 1 : classes < 2)) {
    return refuse_inside("the number of classes");
  }
  head.slope = in.number();
  head.rows = in.take<std::uint32_t>();
  const auto thresholds = in.take<std::uint16_t>();
  for (std::uint16_t i = 0; i < thresholds && in.ok(); ++i) {
    PrecisionThreshold threshold;
    threshold.precision = in.number();
    threshold.confidence = in.number();
    threshold.coverage = in.number();
    threshold.rows = in.take<std::uint32_t>();
    head.thresholds.push_back(threshold);
  }
  for (std::uint16_t i = 0; i < classes && in.ok(); ++i) {
    ClassInfo info;
    info.label = in.text();
    info.gain = in.number();
    info.bias = in.number();
    head.classes.push_back(std::move(info));
  }
  if (!in.ok()) return refuse_inside("the description of a head");
  heads_.push_back(std::move(head));
  begins_[heads_.size()] = static_cast<std::uint16_t>(begin + classes);
  return {};
}

Result<void> Model::place_sections(ModelReader& in, std::uint64_t rows_at, std::uint64_t words_at,
                                   std::uint32_t words) {
  const std::uint64_t buckets = std::uint64_t{1} << settings_.buckets_log2;
  const bool rows_fit = in.ok() && rows_at % section_alignment == 0 && rows_at <= bytes_.size() &&
                        row_bytes_ == model_row_bytes(heads_.size(), begins_[heads_.size()]) &&
                        buckets * row_bytes_ <= bytes_.size() - rows_at;
  if (!rows_fit) return refuse_inside("the place of its weights");
  const bool words_fit = words_at % section_alignment == 0 && words_at <= bytes_.size() &&
                         words * sizeof(Word) <= bytes_.size() - words_at;
  if (!words_fit) return refuse_inside("the place of its words");
  rows_ = reinterpret_cast<const std::uint8_t*>(bytes_.data() + rows_at);
  words_ = {reinterpret_cast<const Word*>(bytes_.data() + words_at), words};
  return {};
}

Result<std::shared_ptr<const Model>> Model::open(const std::filesystem::path& file) {
  auto model = std::make_shared<MappedModel>();
  if (auto loaded = model->load(file); !loaded) {
    return fail(ErrorCode::invalid,
                fmt::format("the model file {} {}", file.string(), loaded.error().detail));
  }
  return model;
}

Result<std::shared_ptr<const Model>> Model::from_bytes(std::string bytes) {
  auto model = std::make_shared<OwnedModel>();
  if (auto loaded = model->load(std::move(bytes)); !loaded) {
    return fail(ErrorCode::invalid, "the model " + loaded.error().detail);
  }
  return model;
}

}  // namespace hotline::classify
