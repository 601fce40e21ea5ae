namespace BlueGreen.Chaos.Faults;

/// <summary>A fault under way.</summary>
/// <param name="Begun">Ends when it has taken effect.</param>
/// <param name="Over">Ends when it has been undone.</param>
internal sealed record Strike(Task Begun, Task Over);
