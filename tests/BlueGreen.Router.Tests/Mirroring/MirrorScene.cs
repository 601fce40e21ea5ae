using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.Mirroring;

/// <summary>What the tests of mirroring have in common.</summary>
internal static class MirrorScene
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    public static async Task<HttpStatusCode> PostAsync(RouterHost router, string path, int bytes)
    {
        using var body = new ByteArrayContent(new byte[bytes]);
        using var answer = await router.Inference.PostAsync(path, body, Token);
        return answer.StatusCode;
    }

    public static async Task<SwitchTraffic> OfferAsync(RouterHost router, long epoch, ModelServer green)
    {
        var next = Commands.Switch(Guid.NewGuid(), epoch, green);
        await router.PublishAsync(Commands.Validate(next.DeploymentId, next.Fleet));
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().Mirror is not null);
        return next;
    }

    public static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return AnswerAsync(context, "0.25");
    }

    public static Task AnswerAsync(HttpContext context, string score)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"outputs":[{"name":"score","datatype":"FP64","shape":[1],"data":[{{score}}]}]}""", Token);
    }
}
