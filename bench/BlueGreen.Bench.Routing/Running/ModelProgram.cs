namespace BlueGreen.Bench.Routing.Running;

/// <summary>A model server that answers at once and says which version it is: <c>serve model --urls … --version …</c>.</summary>
internal static class ModelProgram
{
    public const string VersionHeader = "X-Model";

    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        var version = builder.Configuration["version"] ?? "v1";
        var answer = System.Text.Encoding.UTF8.GetBytes(
            $$"""{"model_name":"m","model_version":"{{version}}","outputs":[{"name":"score","datatype":"FP64","shape":[4],"data":[0.125,0.5,0.25,0.75]}]}""");
        var app = builder.Build();
        app.Run(async context =>
        {
            if (context.Request.ContentLength > 0) await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.Headers[VersionHeader] = version;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        });
        return app;
    }
}
