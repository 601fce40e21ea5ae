using System.Globalization;
using System.Text;

namespace BlueGreen.Router.Drivers.Nginx;

/// <summary>
/// The include file (for the <c>http</c> level) that holds an endpoint's upstream, and a server on the status address that says which one the
/// running workers have: a file that was written is not yet a configuration that is in force.
/// </summary>
internal static class NginxFile
{
    /// <summary>Stands for the mark in the canonical text.</summary>
    public const string NoMark = "-";
    private const int Connections = 32;

    public static string Render(DriverRoute route, string mark)
    {
        var upstream = Upstream(route);
        var text = new StringBuilder();
        text.Append("# Written by the release platform; what is changed here by hand is noticed, and raised.\n");
        text.Append(CultureInfo.InvariantCulture, $"upstream {upstream} {{\n");
        foreach (var server in DriverAddresses.Of(route.Live)) text.Append(CultureInfo.InvariantCulture, $"    server {server};\n");
        text.Append(CultureInfo.InvariantCulture, $"    keepalive {Connections};\n}}\n");
        text.Append("server {\n");
        text.Append(CultureInfo.InvariantCulture, $"    listen {route.Settings.FromOperator("status")};\n    server_name {StatusName(route)};\n");
        text.Append(CultureInfo.InvariantCulture, $"    location / {{ default_type text/plain; return 200 \"{mark}\"; }}\n}}\n");
        return text.ToString();
    }

    public static string Upstream(DriverRoute route) => route.Settings.FromOwner("upstream", route.Endpoint);

    /// <summary>Endpoints share the status address; the name tells them apart.</summary>
    public static string StatusName(DriverRoute route) => $"{Upstream(route)}.bluegreen";

    public static string PathOf(DriverRoute route) =>
        route.Settings.FromOperator("include")!.Replace("{upstream}", Upstream(route), StringComparison.Ordinal);
}
