using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BlueGreen.ModelServer.Models;

/// <summary>A loaded model. Thread-safe: ML.NET's prediction engines are not, so they are pooled.</summary>
internal sealed class ServedModel
{
    private readonly MLContext _context = new();
    private readonly ConcurrentBag<PredictionEngine<ModelRow, ModelScore>> _engines = [];
    private readonly ITransformer _pipeline;
    private readonly FrozenSet<string> _seen;
    private readonly NeighbourImputer? _imputer;

    public ServedModel(ModelArtifact artifact)
    {
        Metadata = artifact.Metadata;
        using var stream = new MemoryStream(artifact.Pipeline);
        _pipeline = _context.Model.Load(stream, out _);
        _seen = Metadata.Categories.ToFrozenSet(StringComparer.Ordinal);
        if (Metadata.UnseenCategory.Neighbours is { } settings && artifact.Reference is { } table)
            _imputer = new NeighbourImputer(settings, table, Metadata.Categories);
        SmokeTest();
    }

    public ModelMetadata Metadata { get; }

    /// <summary>One score per row, in [0, 1]; NaN where the model has no answer.</summary>
    public float[] Score(RowBatch batch)
    {
        var engine = _engines.TryTake(out var pooled) ? pooled : CreateEngine();
        var row = new ModelRow { Numbers = new float[Metadata.NumberCount] };
        var score = new ModelScore();
        var scores = new float[batch.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            if (CategoryToScore(batch, i) is not { } category)
            {
                scores[i] = float.NaN;
                continue;
            }

            batch.Numbers(i).CopyTo(row.Numbers);
            row.Category = category;
            engine.Predict(row, ref score);
            scores[i] = score.Probability;
        }

        // Not in a finally: an engine that threw is not to be trusted again.
        _engines.Add(engine);
        return scores;
    }

    private string? CategoryToScore(RowBatch batch, int row)
    {
        var category = batch.Category(row);
        if (_seen.Contains(category)) return category;
        return _imputer is null ? Metadata.UnseenCategory.Replacement : _imputer.Impute(batch.Numbers(row));
    }

    private PredictionEngine<ModelRow, ModelScore> CreateEngine()
    {
        var schema = SchemaDefinition.Create(typeof(ModelRow));
        schema[nameof(ModelRow.Numbers)].ColumnType =
            new VectorDataViewType(NumberDataViewType.Single, Metadata.NumberCount);
        return _context.Model.CreatePredictionEngine<ModelRow, ModelScore>(_pipeline, inputSchemaDefinition: schema);
    }

    // A pipeline that does not fit its own metadata must not become ready.
    private void SmokeTest()
    {
        var score = Score(new RowBatch(Metadata.NumberCount, new float[Metadata.NumberCount], [Metadata.Categories[0]]));
        if (!float.IsFinite(score[0])) throw new InvalidDataException("The pipeline gives no score for a row of zeros.");
    }
}
