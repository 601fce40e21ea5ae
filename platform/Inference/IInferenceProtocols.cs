namespace BlueGreen.Platform.Inference;

/// <summary>The protocols this build speaks.</summary>
public interface IInferenceProtocols
{
    /// <summary>Null when no adapter has that name.</summary>
    IInferenceProtocol? Find(string name);

    /// <summary>For messages to people: what could have been asked for.</summary>
    IReadOnlyCollection<string> Names { get; }
}
