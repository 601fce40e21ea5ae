using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Serialization;

namespace BlueGreen.Contracts.Tests;

public sealed class WireFormatTests
{
    private static readonly JsonSerializerOptions Bus = SystemTextJsonMessageSerializer.Options;
    private static readonly JsonSerializerOptions Indented = new(Bus) { WriteIndented = true, NewLine = "\n" };

    public static TheoryData<string> Messages => [.. MessageTypes.All.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_OnTheBus_LooksAsApproved(string message)
    {
        var json = JsonSerializer.Serialize(Sample.Full(MessageTypes.Named(message)), MessageTypes.Named(message), Indented) + "\n";
        if (ApprovedFile.IsBeingApproved) ApprovedFile.Write(message, json);

        var approved = ApprovedFile.Read(message);
        Assert.True(approved is not null, $"{message} has no Approved/{message}.json: run the tests once with BLUEGREEN_APPROVE=1 and commit it.");
        Assert.Equal(approved, json);
    }

    [Fact]
    public void ApprovedFiles_AndMessages_AreTheSame() =>
        Assert.Equal(MessageTypes.All.Select(type => type.Name), ApprovedFile.Names);

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_ReadBack_HasLostNothing(string message)
    {
        var type = MessageTypes.Named(message);
        var sent = JsonSerializer.SerializeToNode(Sample.Full(type), type, Bus);
        var received = JsonSerializer.Deserialize(sent, type, Bus);
        Assert.True(JsonNode.DeepEquals(sent, JsonSerializer.SerializeToNode(received, type, Bus)));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_WithoutItsOptionalMembers_IsStillRead(string message)
    {
        var type = MessageTypes.Named(message);
        var sent = RequiredOnly(JsonSerializer.SerializeToNode(Sample.Minimal(type), type, Bus)!, type);
        Assert.NotNull(JsonSerializer.Deserialize(sent, type, Bus));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_FromANewerSender_IsReadWithoutTheMembersItAdded(string message)
    {
        var type = MessageTypes.Named(message);
        var sent = JsonSerializer.SerializeToNode(Sample.Full(type), type, Bus)!.AsObject();
        sent["addedLater"] = new JsonObject { ["deep"] = 1 };
        Assert.NotNull(JsonSerializer.Deserialize(sent, type, Bus));
    }

    /// <summary>An older sender's message: optional members are not null or default in it, they are not there at all.</summary>
    private static JsonObject RequiredOnly(JsonNode node, Type type)
    {
        var json = node.AsObject();
        foreach (var property in type.GetProperties())
        {
            if (!property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), inherit: false))
                json.Remove(JsonNamingPolicy.CamelCase.ConvertName(property.Name));
        }

        return json;
    }
}
