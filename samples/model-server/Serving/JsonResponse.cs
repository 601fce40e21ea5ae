using System.Text.Json;
using BlueGreen.ModelServer.Protocol;

namespace BlueGreen.ModelServer.Serving;

internal static class JsonResponse
{
    public static async Task SendAsync(this HttpResponse response, int status, Action<Utf8JsonWriter> write)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        using (var json = new Utf8JsonWriter(response.BodyWriter)) write(json);
        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
    }

    public static Task SendErrorAsync(this HttpResponse response, int status, string error) =>
        response.SendAsync(status, json => ResponseWriter.WriteError(json, error));
}
