namespace BlueGreen.Router.Direct;

/// <summary>How long a replica may say nothing in the midst of a request.</summary>
/// <param name="Clock">For timestamps.</param>
/// <param name="Ticks">In the clock's ticks.</param>
internal readonly record struct SilenceLimit(TimeProvider Clock, long Ticks);
