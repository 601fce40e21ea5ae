using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace BlueGreen.Router.Drivers;

/// <summary>
/// What a driver leaves in the target beside the state it wrote: how new that is, and its checksum. A text of letters, digits and <c>.=-</c>
/// only, without spaces, so that it fits into a comment, an annotation, a map's value, a TXT record or a tag.
/// </summary>
/// <param name="Version">Version of the route's row.</param>
/// <param name="IsReverted">A revert beyond that version.</param>
/// <param name="Epoch">For people.</param>
/// <param name="DeploymentId">Whose environment was live.</param>
/// <param name="Sum">Of the canonical text: 16 hexadecimal digits.</param>
internal sealed partial record DriverMark(long Version, bool IsReverted, long Epoch, Guid DeploymentId, string Sum)
{
    private const int SumDigits = 16;

    /// <param name="route">Whose word it is.</param>
    /// <param name="state">The canonical text that was written: <see cref="ITrafficDriver.Describe"/>.</param>
    public static DriverMark Of(DriverRoute route, string state) =>
        new(route.Version, route.IsReverted, route.Epoch, route.Live.DeploymentId, SumOf(state));

    public static string SumOf(string state) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)))[..SumDigits];

    /// <returns>Null for what is not one.</returns>
    public static DriverMark? Read(string? text)
    {
        if (text is null || Form().Match(text) is not { Success: true } match) return null;
        return long.TryParse(match.Groups["v"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && long.TryParse(match.Groups["e"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
                ? new DriverMark(version, match.Groups["r"].Value == "1", epoch, Guid.ParseExact(match.Groups["id"].ValueSpan, "N"), match.Groups["sum"].Value)
                : null;
    }

    /// <summary>True when whoever wrote this knew more than the route says.</summary>
    public bool IsNewerThan(DriverRoute route) =>
        Version > route.Version || (Version == route.Version && IsReverted && !route.IsReverted);

    public bool Fits(string state) => Sum == SumOf(state);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"bluegreen-v={Version}.r={(IsReverted ? 1 : 0)}.e={Epoch}.dep={DeploymentId:N}.sum={Sum}");

    [GeneratedRegex(@"bluegreen-v=(?<v>[0-9]{1,18})\.r=(?<r>[01])\.e=(?<e>[0-9]{1,18})\.dep=(?<id>[0-9a-f]{32})\.sum=(?<sum>[0-9a-f]{16})")]
    private static partial Regex Form();
}
