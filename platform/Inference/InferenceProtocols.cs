namespace BlueGreen.Platform.Inference;

internal sealed class InferenceProtocols(IEnumerable<IInferenceProtocol> protocols) : IInferenceProtocols
{
    private readonly Dictionary<string, IInferenceProtocol> _byName =
        protocols.ToDictionary(protocol => protocol.Name, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<string> Names => _byName.Keys;

    public IInferenceProtocol? Find(string name) => _byName.GetValueOrDefault(name);
}
