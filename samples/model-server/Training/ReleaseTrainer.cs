using System.Globalization;
using BlueGreen.ModelServer.Models;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace BlueGreen.ModelServer.Training;

/// <summary>
/// Fits a release: logistic regression on log-transformed, standardised numbers and one-hot categories. A convex fit on one
/// thread, so that retrains differ by their data only, and a seed always gives the same model.
/// </summary>
internal sealed class ReleaseTrainer(int seed, Transaction[] history, int referenceRows)
{
    private const string Logs = nameof(Logs);
    private const string Features = nameof(Features);

    // Half of what the golden gate allows, so that chance does not decide.
    private const double FalsePositiveRate = Thresholds.MaxFalsePositiveRate / 2;

    public ModelArtifact Train(ReleaseRecipe recipe)
    {
        var rows = history[..(int)(history.Length * recipe.History)];
        if (recipe.AmountUnit != 1) rows = Array.ConvertAll(rows, row => InUnit(row, recipe.AmountUnit));
        var context = new MLContext(seed);
        var data = context.Data.LoadFromEnumerable(rows, SchemaOfRows());
        var fitted = Pipeline(context).Fit(data);
        var reference = recipe.UnseenCategory.Neighbours is null
            ? null
            : ReferenceTable.Build(rows[..Math.Min(referenceRows, rows.Length)], CategoryNames);
        var metadata = new ModelMetadata(
            "fraud",
            recipe.Version.ToString(CultureInfo.InvariantCulture),
            CardFeatures.All,
            CategoryNames,
            ThresholdOf(context, fitted.Transform(data)),
            recipe.UnseenCategory);
        return new ModelArtifact(metadata, ModelArtifact.Save(context, fitted, data.Schema), reference);
    }

    private static string[] CategoryNames => [.. CardFeatures.Categories.Select(category => category.Name)];

    private static EstimatorChain<ITransformer> Pipeline(MLContext context)
    {
        var trainer = context.BinaryClassification.Trainers.LbfgsLogisticRegression(
            new LbfgsLogisticRegressionBinaryTrainer.Options
            {
                FeatureColumnName = Features,
                LabelColumnName = nameof(Transaction.Label),
                ExampleWeightColumnName = nameof(Transaction.Weight),
                NumberOfThreads = 1,
                L1Regularization = 0,
            });
        return context.Transforms.Expression(Logs, "x => log(1 + x)", nameof(ModelRow.Numbers))
            .Append(context.Transforms.ReplaceMissingValues(
                Logs, replacementMode: Microsoft.ML.Transforms.MissingValueReplacingEstimator.ReplacementMode.Mean))
            .Append(context.Transforms.NormalizeMeanVariance(Logs, fixZero: false))
            .Append(context.Transforms.Categorical.OneHotEncoding(nameof(ModelRow.Category)))
            .Append(context.Transforms.Concatenate(Features, Logs, nameof(ModelRow.Category)))
            .AppendCacheCheckpoint(context)
            .Append((IEstimator<ITransformer>)trainer);
    }

    private static SchemaDefinition SchemaOfRows()
    {
        var schema = SchemaDefinition.Create(typeof(Transaction));
        schema[nameof(ModelRow.Numbers)].ColumnType =
            new VectorDataViewType(NumberDataViewType.Single, CardFeatures.All.Count(feature => !feature.IsCategory));
        return schema;
    }

    private static float ThresholdOf(MLContext context, IDataView scored)
    {
        var honest = context.Data.CreateEnumerable<LabelledScore>(scored, reuseRowObject: false)
            .Where(row => !row.Label)
            .Select(row => row.Probability)
            .Order()
            .ToArray();
        return honest[(int)(honest.Length * (1 - FalsePositiveRate))];
    }

    private static Transaction InUnit(Transaction row, float unit)
    {
        float[] numbers = [.. row.Numbers];
        numbers[CardFeatures.Amount] *= unit;
        return new Transaction { Numbers = numbers, Category = row.Category, Label = row.Label };
    }

    private sealed class LabelledScore
    {
        public bool Label { get; set; }

        public float Probability { get; set; }
    }
}
