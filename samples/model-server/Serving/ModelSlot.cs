using BlueGreen.ModelServer.Models;
using BlueGreen.ModelServer.Protocol;

namespace BlueGreen.ModelServer.Serving;

/// <summary>Where the loader puts the model once it can be used; null until then.</summary>
internal sealed class ModelSlot
{
    private volatile LoadedModel? _loaded;

    public LoadedModel? Loaded => _loaded;

    public void Fill(ServedModel model) => _loaded = new LoadedModel(model, new InferRequestReader(model.Metadata));
}
