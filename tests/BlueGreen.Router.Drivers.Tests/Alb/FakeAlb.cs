using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.WebUtilities;

namespace BlueGreen.Router.Drivers.Tests.Alb;

/// <summary>
/// The Elastic Load Balancing API as documented, for one rule and two target groups: signatures are checked, parameters that an action does not
/// have are refused, lists are replaced whole.
/// </summary>
internal sealed class FakeAlb : IAsyncDisposable
{
    public const string Rule = "arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/edge/1/2/3";
    public const string One = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/fraud-a/1";
    public const string Two = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/fraud-b/2";
    public const string AccessKey = "AKIDEXAMPLE";
    public const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string Region = "eu-west-1";
    private static readonly XNamespace Names = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";
    private readonly WebApplication _app;
    private readonly Lock _gate = new();

    private FakeAlb(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());
    public Dictionary<string, string> Weights { get; } = new(StringComparer.Ordinal) { [One] = "1" };
    public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, HashSet<string>> Targets { get; } = new(StringComparer.Ordinal) { [One] = [], [Two] = [] };
    public HashSet<string> Sick { get; } = new(StringComparer.Ordinal);
    public bool IsSticky { get; set; } = true;
    public string? OtherAction { get; set; }
    public ConcurrentQueue<string> Actions { get; } = new();

    /// <summary>Runs before each action, outside of the lock.</summary>
    public Action<string>? Before { get; set; }

    public static async Task<FakeAlb> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var alb = new FakeAlb(app);
        app.Run(alb.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return alb;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public void Do(Action act)
    {
        lock (_gate) act();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var copy = new MemoryStream();
        await context.Request.Body.CopyToAsync(copy);
        var body = copy.ToArray();
        var problem = SignatureCheck.Problem(context.Request, body, AccessKey, SecretKey, Region, "elasticloadbalancing", TimeProvider.System.GetUtcNow());
        if (problem is not null)
        {
            await RefuseAsync(context, 403, problem, "The request signature we calculated does not match the signature you provided.");
            return;
        }

        var fields = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body)).ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        if (context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) != true || fields.GetValueOrDefault("Version") != "2015-12-01")
        {
            await RefuseAsync(context, 400, "InvalidAction", "Could not find the version or the content type.");
            return;
        }

        var action = fields["Action"];
        Actions.Enqueue(action);
        Before?.Invoke(action);
        (int Status, object Answer) result;
        lock (_gate) result = Act(action, new FakeFields(fields));
        if (result.Answer is XElement[] content) await SendAsync(context, 200, new XElement(Names + $"{action}Response", new XElement(Names + $"{action}Result", content)));
        else await RefuseAsync(context, result.Status, result.Answer.ToString()!, "Refused.");
    }

    private (int Status, object Answer) Act(string action, FakeFields fields) => action switch
    {
        "DescribeRules" when fields.Only("RuleArns.member.1") => fields["RuleArns.member.1"] == Rule ? (200, new[] { DescribedRule() }) : (400, "RuleNotFound"),
        "DescribeTags" when fields.Only("ResourceArns.member.1") => (200, new[] { DescribedTags() }),
        "DescribeTargetHealth" when fields.Only("TargetGroupArn") => (200, new[] { DescribedTargets(fields["TargetGroupArn"]) }),
        "ModifyRule" when fields.Only("RuleArn", "Actions.member.*") => Modify(fields),
        "AddTags" when fields.Only("ResourceArns.member.1", "Tags.member.*") => Tag(fields),
        "RegisterTargets" when fields.Only("TargetGroupArn", "Targets.member.*") => Register(fields, isIn: true),
        "DeregisterTargets" when fields.Only("TargetGroupArn", "Targets.member.*") => Register(fields, isIn: false),
        _ => (400, "ValidationError"),
    };

    private (int Status, object Answer) Modify(FakeFields fields)
    {
        const string Prefix = "Actions.member.1.";
        if (fields["RuleArn"] != Rule) return (400, "RuleNotFound");
        if (fields[Prefix + "Type"] != "forward" || fields.Has("Actions.member.2.Type")) return (400, "InvalidLoadBalancerAction");
        var groups = fields.List(Prefix + "ForwardConfig.TargetGroups", "TargetGroupArn", "Weight").ToArray();
        if (groups.Length is < 1 or > 5 || groups.Any(group => !Targets.ContainsKey(group.First) || !int.TryParse(group.Second, out var weight) || weight is < 0 or > 999))
            return (400, "ValidationError");
        Weights.Clear();
        foreach (var (group, weight) in groups) Weights[group] = weight;
        IsSticky = fields[Prefix + "ForwardConfig.TargetGroupStickinessConfig.Enabled"] == "true";
        OtherAction = null;
        return (200, new[] { DescribedRule() });
    }

    private (int Status, object Answer) Tag(FakeFields fields)
    {
        foreach (var (key, value) in fields.List("Tags", "Key", "Value"))
        {
            if (value.Length > 256 || value.Any(letter => !char.IsAsciiLetterOrDigit(letter) && !" +-=._:/@".Contains(letter))) return (400, "ValidationError");
            Tags[key] = value;
        }

        return (200, Array.Empty<XElement>());
    }

    private (int Status, object Answer) Register(FakeFields fields, bool isIn)
    {
        var group = fields["TargetGroupArn"];
        foreach (var (id, port) in fields.List("Targets", "Id", "Port"))
        {
            // An address is not a URL's host: it has no brackets.
            if (id.Contains('[') || !IPAddress.TryParse(id, out _)) return (400, "InvalidTarget");
            if (isIn) Targets[group].Add($"{id}:{port}");
            else if (!Targets[group].Remove($"{id}:{port}")) return (400, "InvalidTarget");
        }

        return (200, Array.Empty<XElement>());
    }

    private XElement DescribedRule()
    {
        var forward = List("TargetGroups", Weights.Select(group => Member(("TargetGroupArn", group.Key), ("Weight", group.Value))));
        var action = Member(("Type", "forward"), ("Order", "1"));
        action.Add(new XElement(Names + "ForwardConfig", forward, new XElement(
            Names + "TargetGroupStickinessConfig", new XElement(Names + "Enabled", IsSticky ? "true" : "false"))));
        var actions = OtherAction is null ? [action] : new[] { Member(("Type", OtherAction), ("Order", "0")), action };
        var rule = Member(("RuleArn", Rule), ("IsDefault", "false"));
        rule.Add(List("Actions", actions));
        return List("Rules", [rule]);
    }

    private XElement DescribedTags()
    {
        var member = Member(("ResourceArn", Rule));
        member.Add(List("Tags", Tags.Select(tag => Member(("Key", tag.Key), ("Value", tag.Value)))));
        return List("TagDescriptions", [member]);
    }

    /// <summary>A group that no rule names is not checked for health.</summary>
    private XElement DescribedTargets(string group) => List("TargetHealthDescriptions", Targets[group].Select(target =>
    {
        var member = new XElement(Names + "member");
        var colon = target.LastIndexOf(':');
        member.Add(new XElement(Names + "Target", new XElement(Names + "Id", target[..colon]), new XElement(Names + "Port", target[(colon + 1)..])));
        member.Add(new XElement(Names + "TargetHealth", new XElement(
            Names + "State", !Weights.ContainsKey(group) ? "unused" : Sick.Contains(target) ? "unhealthy" : "healthy")));
        return member;
    }));

    private static XElement List(string name, IEnumerable<XElement> members) => new(Names + name, members);

    private static XElement Member(params (string Name, string Value)[] fields) =>
        new(Names + "member", fields.Select(field => new XElement(Names + field.Name, field.Value)));

    private static Task RefuseAsync(HttpContext context, int status, string code, string message) => SendAsync(context, status, new XElement(
        Names + "ErrorResponse", new XElement(Names + "Error", new XElement(Names + "Type", "Sender"), new XElement(Names + "Code", code), new XElement(Names + "Message", message))));

    private static Task SendAsync(HttpContext context, int status, XElement body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml";
        return context.Response.WriteAsync(body.ToString(SaveOptions.DisableFormatting));
    }
}
