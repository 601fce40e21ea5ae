using BlueGreen.Contracts;

namespace BlueGreen.Platform.Inference;

/// <summary>The protocols this build speaks.</summary>
public interface IInferenceProtocols
{
    /// <summary>Null when no adapter has that name.</summary>
    /// <param name="name">One of <see cref="ProtocolNames"/>.</param>
    /// <param name="settings">What the protocol leaves open; null: its defaults.</param>
    IInferenceProtocol? Find(string name, InferenceSettings? settings = null);

    /// <summary>The protocol that the fleet speaks, with the fleet's settings.</summary>
    IInferenceProtocol? Find(Fleet fleet) => Find(fleet.Protocol, fleet.Inference);

    /// <summary>For messages to people: what could have been asked for.</summary>
    IReadOnlyCollection<string> Names { get; }
}
