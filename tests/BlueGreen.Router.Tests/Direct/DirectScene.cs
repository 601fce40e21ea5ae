using System.Net.Sockets;
using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.Direct;

/// <summary>A router in front of servers that say exactly what a test wants.</summary>
internal sealed class DirectScene : IAsyncDisposable
{
    public static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly TemporaryDirectory _data;

    private DirectScene(TemporaryDirectory data, RouterHost router) => (_data, Router) = (data, router);

    public RouterHost Router { get; }
    public HttpClient Client => Router.Inference;

    /// <param name="isDirect">False: the general way, which is to do the same.</param>
    /// <param name="traffic">The policy's.</param>
    /// <param name="servers">The live fleet.</param>
    public static async Task<DirectScene> StartAsync(bool isDirect, TrafficPolicy? traffic, params Uri[] servers)
    {
        var data = new TemporaryDirectory();
        var router = await RouterHost.StartAsync(data, ("BlueGreen:Router:DirectUpstream", isDirect ? "true" : "false"));
        if (traffic is not null) await router.ConfigureAsync(traffic);
        var deployment = Guid.NewGuid();
        await router.PublishAsync(Commands.Switch(deployment, 0, "v1", "open-inference-v2", servers));
        await router.Spy.NextAsync<TrafficSwitched>(message => message.DeploymentId == deployment);
        return new DirectScene(data, router);
    }

    public static Task<DirectScene> StartAsync(params Uri[] servers) => StartAsync(isDirect: true, null, servers);

    public Task<HttpResponseMessage> PostAsync(string body = "{}", string path = "/fraud/v2/models/m/infer") =>
        Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Token);

    /// <summary>Sends these very bytes and reads until the router closes the connection.</summary>
    public async Task<string> TalkAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Client.BaseAddress!.Host, Client.BaseAddress.Port, Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Token);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        _data.Dispose();
    }
}
