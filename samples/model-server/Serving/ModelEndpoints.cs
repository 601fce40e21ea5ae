using System.Text.Json;
using BlueGreen.ModelServer.Protocol;

namespace BlueGreen.ModelServer.Serving;

internal sealed class ModelEndpoints(ModelSlot slot, ILogger<ModelEndpoints> logger)
{
    public Task DescribeAsync(HttpContext context) => WithModel(context, model =>
        context.Response.SendAsync(StatusCodes.Status200OK, json => ResponseWriter.WriteModel(json, model.Metadata)));

    public Task ReadyAsync(HttpContext context) => WithModel(context, model =>
        context.Response.SendAsync(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("name"u8, model.Metadata.Name);
            json.WriteBoolean("ready"u8, true);
            json.WriteEndObject();
        }));

    public Task InferAsync(HttpContext context) => WithModel(context, model => InferAsync(context, model));

    private static async Task<(JsonDocument? Body, int Status, string Error)> ReadBodyAsync(HttpContext context)
    {
        try
        {
            return (await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted), 0, "");
        }
        catch (JsonException e)
        {
            return (null, StatusCodes.Status400BadRequest, $"the request is not JSON: {e.Message}");
        }
        catch (BadHttpRequestException e)
        {
            return (null, e.StatusCode, e.Message);
        }
    }

    private async Task InferAsync(HttpContext context, LoadedModel model)
    {
        var (body, status, bodyError) = await ReadBodyAsync(context);
        if (body is null)
        {
            await context.Response.SendErrorAsync(status, bodyError);
            return;
        }

        using (body)
        {
            var (request, error) = model.Reader.Read(body.RootElement);
            if (request is null)
                await context.Response.SendErrorAsync(StatusCodes.Status400BadRequest, error!);
            else if (Score(model, request) is { } scores)
                await context.Response.SendAsync(
                    StatusCodes.Status200OK,
                    json => ResponseWriter.WriteInference(json, model.Metadata, request, scores));
            else
                await context.Response.SendErrorAsync(StatusCodes.Status500InternalServerError, "the model failed");
        }
    }

    private float[]? Score(LoadedModel model, InferRequest request)
    {
        try
        {
            return model.Model.Score(request.Rows);
        }
        catch (Exception e)
        {
            logger.InferenceFailed(e);
            return null;
        }
    }

    private Task WithModel(HttpContext context, Func<LoadedModel, Task> answer)
    {
        if (slot.Loaded is not { } model)
            return context.Response.SendErrorAsync(StatusCodes.Status503ServiceUnavailable, "the model is being loaded");
        var (name, version) = ((string?)context.Request.RouteValues["model"], (string?)context.Request.RouteValues["version"]);
        return model.Is(name, version)
            ? answer(model)
            : context.Response.SendErrorAsync(
                StatusCodes.Status404NotFound,
                version is null ? $"model '{name}' is not served here" : $"model '{name}' version '{version}' is not served here");
    }
}
