using BlueGreen.ModelServer.Protocol;

namespace BlueGreen.ModelServer.Serving;

internal sealed class ServerEndpoints(ModelSlot slot)
{
    public static Task DescribeAsync(HttpContext context) =>
        context.Response.SendAsync(StatusCodes.Status200OK, ResponseWriter.WriteServer);

    public static Task LiveAsync(HttpContext context) =>
        context.Response.SendAsync(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("live"u8, true);
            json.WriteEndObject();
        });

    public Task ReadyAsync(HttpContext context)
    {
        var ready = slot.Loaded is not null;
        return context.Response.SendAsync(
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("ready"u8, ready);
                json.WriteEndObject();
            });
    }

    public static Task NotFoundAsync(HttpContext context) =>
        context.Response.SendErrorAsync(StatusCodes.Status404NotFound, "there is nothing at this path");
}
