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
/// <param name="IsReverted">A revert beyond that epoch.</param>
/// <param name="Epoch">Which only the database mints: newer is what is of a newer epoch, then a revert beyond it, then a newer version of the row.</param>
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

    /// <summary>
    /// True when whoever wrote this knew more than the route says. A replica that is cut off may revert at a version that the others have left
    /// behind, without knowing of the revert: what ends a revert is the epoch that the database mints for it, and nothing else.
    /// </summary>
    public bool IsNewerThan(DriverRoute route) =>
        (Epoch, IsReverted, Version).CompareTo((route.Epoch, route.IsReverted, route.Version)) > 0;

    public bool Fits(string state) => Sum == SumOf(state);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"bluegreen-v={Version}.r={(IsReverted ? 1 : 0)}.e={Epoch}.dep={DeploymentId:N}.sum={Sum}");

    [GeneratedRegex(@"bluegreen-v=(?<v>[0-9]{1,18})\.r=(?<r>[01])\.e=(?<e>[0-9]{1,18})\.dep=(?<id>[0-9a-f]{32})\.sum=(?<sum>[0-9a-f]{16})")]
    private static partial Regex Form();
}
