using BlueGreen.ModelServer.Models;
using BlueGreen.ModelServer.Protocol;

namespace BlueGreen.ModelServer.Serving;

internal sealed record LoadedModel(ServedModel Model, InferRequestReader Reader)
{
    public ModelMetadata Metadata => Model.Metadata;

    /// <summary>A null version means whichever is served.</summary>
    public bool Is(string? name, string? version) =>
        Metadata.Name == name && (version is null || Metadata.Version == version);
}
