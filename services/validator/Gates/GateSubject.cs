using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;

namespace BlueGreen.Validator.Gates;

/// <summary>What is judged: the command with everything it refers to looked up.</summary>
/// <param name="Command">The saga's command.</param>
/// <param name="Green">Green's replicas and how to talk to them.</param>
/// <param name="Blue">Blue's; null for a first deployment, or when this build does not speak blue's protocol.</param>
/// <param name="Requests">Those of the policy; or one made up from green's metadata; or why there are none.</param>
/// <param name="RequestsAreReal">True when they are the policy's.</param>
internal sealed record GateSubject(
    ValidateEnvironment Command, Side Green, Side? Blue, PayloadFileReading Requests, bool RequestsAreReal);

/// <summary>One environment as the gates talk to it.</summary>
internal sealed record Side(IInferenceProtocol Protocol, IReadOnlyList<InferenceTarget> Targets);
