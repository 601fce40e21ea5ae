using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlueGreen.ModelServer.Training;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ReleaseCatalogue))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
