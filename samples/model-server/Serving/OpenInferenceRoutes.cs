namespace BlueGreen.ModelServer.Serving;

/// <summary>The Open Inference Protocol v2 over REST.</summary>
internal static class OpenInferenceRoutes
{
    public static void MapOpenInference(this WebApplication app)
    {
        var server = new ServerEndpoints(app.Services.GetRequiredService<ModelSlot>());
        var model = new ModelEndpoints(
            app.Services.GetRequiredService<ModelSlot>(), app.Services.GetRequiredService<ILogger<ModelEndpoints>>());
        app.MapGet("/v2", (RequestDelegate)ServerEndpoints.DescribeAsync);
        app.MapGet("/v2/health/live", (RequestDelegate)ServerEndpoints.LiveAsync);
        app.MapGet("/v2/health/ready", (RequestDelegate)server.ReadyAsync);
        foreach (var root in new[] { "/v2/models/{model}", "/v2/models/{model}/versions/{version}" })
        {
            app.MapGet(root, (RequestDelegate)model.DescribeAsync);
            app.MapGet($"{root}/ready", (RequestDelegate)model.ReadyAsync);
            app.MapPost($"{root}/infer", (RequestDelegate)model.InferAsync);
        }

        app.MapFallback((RequestDelegate)ServerEndpoints.NotFoundAsync);
    }
}
