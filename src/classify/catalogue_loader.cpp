#include "classify/catalogue_loader.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "classify/catalogue_files.hpp"
#include "classify/rule_catalogue.hpp"

namespace hotline {
namespace {

Result<void> add_model(classify::RuleCatalogue& catalogue, const ModelChoice& choice) {
  auto model = classify::Model::open(choice.file);
  if (!model) return tl::make_unexpected(std::move(model.error()));
  auto joined = catalogue.learn(std::move(*model), {choice.precision, choice.rules_confidence});
  if (!joined) {
    return fail(ErrorCode::invalid, fmt::format("the model file {} does not fit: {}",
                                                choice.file.string(), joined.error().detail));
  }
  if (!choice.tell) return {};
  for (const std::string& note : catalogue.learned()->notes()) {
    choice.tell(fmt::format("the model file {}: {}", choice.file.string(), note));
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const Catalogue>> load_catalogue(const std::filesystem::path& folder,
                                                        UtcOffset zone, const ModelChoice& model) {
  Result<classify::CatalogueFiles> files = classify::read_catalogue_files(folder);
  if (!files) return tl::make_unexpected(std::move(files.error()));
  try {
    auto made = std::make_shared<classify::RuleCatalogue>(std::move(*files), zone);
    if (!model.file.empty()) {
      if (auto added = add_model(*made, model); !added) return tl::make_unexpected(added.error());
    }
    return made;
  } catch (const std::length_error& error) {
    return fail(ErrorCode::invalid, std::string("the catalogue is refused: ") + error.what());
  }
}

}  // namespace hotline
