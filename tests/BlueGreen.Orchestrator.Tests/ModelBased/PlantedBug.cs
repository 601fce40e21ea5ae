using System.Reflection;
using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>Mistakes that a saga could make, to see whether they would be noticed.</summary>
internal enum Planted
{
    Nothing,
    SkipsTheAttemptGuard,
    BelievesAnyVerdict,
    OverlooksReverts,
    HearsCancelledDeadlines,
    ApprovesForTheWrongEnvironment,
}

/// <summary>Makes the shipped state machine behave as if it had the mistake, by what reaches it.</summary>
internal static class PlantedBug
{
    public static (object? Body, Guid? Token) Apply(Planted bug, Letter letter, SagaDriver driver)
    {
        var saga = driver.Sagas.GetValueOrDefault(letter.Message.DeploymentId);
        var pass = ((object?)letter.Body, letter.Timer?.Token);
        if (saga is null) return pass;
        return (bug, letter.Message) switch
        {
            (Planted.SkipsTheAttemptGuard, IStageMessage and not DeadlineExpired) when ReferenceEquals(letter.Body, letter.Message) =>
                (With(letter.Message, nameof(IStageMessage.Attempt), saga.Attempt), null),
            (Planted.BelievesAnyVerdict, EnvironmentValidated verdict) => (verdict with
            {
                EnvironmentId = saga.EnvironmentId,
                Fingerprint = "f",
                Gates = [new GateResult { Gate = "health", Verdict = Verdict.Passed, Unit = "replicas", Samples = 1, Summary = "" }],
            }, null),
            (Planted.OverlooksReverts, TrafficReverted) when saga.CurrentState == "Baking" => (null, null),
            (Planted.HearsCancelledDeadlines, DeadlineExpired expired) =>
                (expired with { State = saga.CurrentState, Attempt = saga.Attempt }, saga.DeadlineToken),
            (Planted.ApprovesForTheWrongEnvironment, DeploymentApproved approved) =>
                (approved with { EnvironmentId = saga.EnvironmentId, Fingerprint = saga.Fingerprint ?? "" }, null),
            _ => pass,
        };
    }

    private static object With(object record, string property, object value)
    {
        var copy = record.GetType().GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance)!.Invoke(record, null)!;
        copy.GetType().GetProperty(property)!.SetValue(copy, value);
        return copy;
    }
}
