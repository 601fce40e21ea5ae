using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Load;

namespace BlueGreen.Bench.LoadGen;

/// <summary>Sends the same request through the same client as gates do.</summary>
internal sealed class Sender(IInferenceProtocol protocol, Uri address)
{
    private readonly InferenceTarget _target = new(address, "m");

    private readonly InferencePayload _payload = protocol.ReadPayload(
        """{"inputs":[{"name":"x","shape":[1,8],"datatype":"FP32","data":[1,2,3,4,5,6,7,8]}]}"""u8.ToArray()).Payload!;

    public Task<InferenceReply> SendAsync(CancellationToken cancellationToken) =>
        protocol.InferAsync(_target, _payload, cancellationToken);

    public Task<LoadResult> LoadAsync(double rate, TimeSpan length, CancellationToken cancellationToken) =>
        new OpenLoopLoad(TimeProvider.System).RunAsync(
            new LoadPlan { Rate = rate, Requests = (int)(rate * length.TotalSeconds) }, (_, token) => SendAsync(token), cancellationToken);
}
