namespace BlueGreen.Router.Tests.Support;

/// <summary>What an answer says of where it came from; null: it does not say.</summary>
internal sealed record Marks(string? Epoch, string? Environment, string? Version)
{
    public static Marks Of(HttpResponseMessage answer) =>
        new(One(answer, "X-BlueGreen-Epoch"), One(answer, "X-BlueGreen-Environment"), One(answer, "X-BlueGreen-Model-Version"));

    private static string? One(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
