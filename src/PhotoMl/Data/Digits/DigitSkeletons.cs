using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>The strokes that make each digit, in the forms people write it in: 0 to 4.</summary>
/// <remarks>Each form is a draft made by hand: about 0.6 wide and 1 high, from (0, 0) at the top left.</remarks>
internal static partial class DigitSkeletons
{
    public static List<StrokePath> Draw(int digit, DeterministicRandom random) => digit switch
    {
        0 => Zero(random),
        1 => One(random),
        2 => Two(random),
        3 => Three(random),
        4 => Four(random),
        5 => Five(random),
        6 => Six(random),
        7 => Seven(random),
        8 => Eight(random),
        9 => Nine(random),
        _ => throw new ArgumentOutOfRangeException(nameof(digit), digit, "Expected a digit from 0 to 9."),
    };

    private static List<StrokePath> Zero(DeterministicRandom random)
    {
        var width = random.NextDouble(0.22, 0.54);
        var start = random.Near(-75, 40);
        var (sweep, growth) = random.NextDouble() switch
        {
            < 0.60 => (random.Near(360, 12), random.Near(1, 0.04)),
            < 0.85 => (random.Near(395, 25), random.Near(0.92, 0.05)),
            _ => (random.Near(330, 12), random.Near(0.98, 0.05)),
        };
        var direction = random.Chance(0.85) ? -1 : 1;
        var oval = new StrokePath();
        if (random.Chance(0.2))
        {
            // The pen sets down outside the oval, so that the ends cross.
            var (sin, cos) = Math.SinCos((start - (direction * random.NextDouble(5, 25))) * Math.PI / 180);
            var away = random.NextDouble(1.05, 1.3);
            oval.Through(0.3 + (width * away * cos), 0.5 + (0.5 * away * sin));
        }

        oval.Arc(0.3, 0.5, width, 0.5, start, start + (direction * sweep), growth);
        if (random.Chance(0.15))
        {
            var (sin, cos) = Math.SinCos((start + (direction * (sweep + random.NextDouble(10, 35)))) * Math.PI / 180);
            var away = growth * random.NextDouble(1.05, 1.35);
            oval.Through(0.3 + (width * away * cos), 0.5 + (0.5 * away * sin));
        }

        return random.Chance(0.02)
            ? [oval, new StrokePath().Through(random.Near(0.6, 0.1), random.Near(0.1, 0.1)).Through(random.Near(0, 0.1), random.Near(0.9, 0.1))]
            : [oval];
    }

    private static List<StrokePath> One(DeterministicRandom random)
    {
        var lean = random.Near(0.05, 0.15);
        var (top, foot) = (0.3 + lean, 0.3 - lean);
        var (hasFlag, hasBase) = random.NextDouble() switch
        {
            < 0.74 => (false, false),
            < 0.86 => (true, false),
            < 0.97 => (true, true),
            _ => (false, true),
        };

        var stem = new StrokePath();
        if (hasFlag)
        {
            stem.Through(top - random.NextDouble(0.08, 0.3), random.NextDouble(0.08, 0.35));
        }

        stem.Corner(top, 0).Through(random.Near((top + foot) / 2, 0.025), 0.5).Through(foot, 1);
        List<StrokePath> strokes = [stem];
        if (hasBase)
        {
            strokes.Add(new StrokePath().Through(foot - random.NextDouble(0.1, 0.4), random.Near(1, 0.03)).Through(foot + random.NextDouble(0.1, 0.45), random.Near(1, 0.03)));
        }

        return strokes;
    }

    private static List<StrokePath> Two(DeterministicRandom random)
    {
        var path = new StrokePath();
        var headHeight = random.NextDouble(0.12, 0.3);
        var headWidth = random.NextDouble(0.13, 0.35);
        var headX = random.Near(0.32, 0.06);
        if (random.Chance(0.2))
        {
            path.Through(headX - (headWidth * random.NextDouble(0.3, 0.8)), headHeight * random.NextDouble(1.1, 1.6));
        }

        path.Arc(headX, headHeight, headWidth, headHeight, random.Near(200, 28), random.Near(372, 15));

        var footX = random.Near(0.04, 0.06);
        var footY = random.Near(0.93, 0.03);
        var endX = random.Near(0.75, 0.18);
        var isLooped = random.Chance(0.6);
        path.Through(random.Near(isLooped ? 0.42 : 0.36, 0.06) + (headX - 0.3), random.Near(0.62, 0.06));
        if (isLooped)
        {
            var loopWidth = random.NextDouble(0.07, 0.24);
            var loopHeight = random.NextDouble(0.06, 0.21);
            path.Arc(footX + loopWidth, footY - loopHeight, loopWidth, loopHeight, random.Near(65, 20), random.Near(290, 20), lean: random.Near(0.2, 0.3));
            path.Through((footX + endX) / 2, footY - (loopHeight * random.NextDouble(0, 1.2)));
        }
        else
        {
            path.Corner(footX, footY);
            path.Through((footX + endX) / 2, random.Near(footY - 0.01, 0.025));
        }

        path.Through(endX, random.Near(footY + 0.02, 0.09));
        return [path];
    }

    private static List<StrokePath> Three(DeterministicRandom random)
    {
        var path = new StrokePath();
        var waistX = random.Near(0.26, 0.07);
        var waistY = random.Near(0.46, 0.04);
        var bellyWidth = random.NextDouble(0.22, 0.36);
        var bellyX = random.Near(0.27, 0.03);
        if (random.Chance(0.18))
        {
            path.Corner(random.Near(0.03, 0.04), random.Near(0.03, 0.03)).Corner(random.Near(0.56, 0.05), random.Near(0, 0.03));
            path.Corner(waistX, waistY - 0.04);
        }
        else
        {
            var headWidth = random.NextDouble(0.18, 0.31);
            path.Arc(random.Near(0.27, 0.03), waistY / 2, headWidth, waistY / 2, random.Near(210, 30), random.Near(420, 12));
            if (random.Chance(0.2))
            {
                path.Arc(waistX, waistY, random.NextDouble(0.03, 0.1), random.NextDouble(0.02, 0.05), 80, 270);
            }
            else if (random.Chance(0.8))
            {
                path.Corner(waistX, waistY);
            }
        }

        var bellyHeight = (1 - waistY) / 2;
        path.Arc(bellyX, 1 - bellyHeight, bellyWidth, bellyHeight, random.Near(300, 12) - 360, random.Near(140, 30));
        return [path];
    }

    private static List<StrokePath> Four(DeterministicRandom random)
    {
        var barY = random.Near(0.55, 0.07);
        var stemX = random.Near(0.46, 0.05);
        var footX = stemX - random.Near(0.04, 0.06);
        var barEnd = random.Chance(0.4) ? stemX + random.NextDouble(-0.03, 0.04) : stemX + random.NextDouble(0.04, 0.3);
        var armX = random.Near(0.1, 0.08);
        var kind = random.NextDouble();

        if (kind < 0.14)
        {
            // Closed: down the slope, along the bar, then the stem from the tip.
            return
            [
                new StrokePath().Through(random.Near(stemX, 0.03), random.Near(0.02, 0.02)).Corner(random.Near(-0.02, 0.04), barY).Through(barEnd, random.Near(barY, 0.03)),
                new StrokePath().Through(random.Near(stemX, 0.02), random.Near(0.02, 0.04)).Through(footX, 1),
            ];
        }

        if (kind < 0.32)
        {
            // In one go: a cup, up to the tip of the stem, and down.
            return
            [
                new StrokePath().Through(armX, random.Near(0.02, 0.05)).Through(armX - random.NextDouble(0, 0.08), barY * 0.6)
                    .Through(random.Near(0.18, 0.04), random.Near(barY - 0.03, 0.02)).Through(stemX - 0.06, barY - random.NextDouble(0.05, 0.18))
                    .Corner(stemX + random.NextDouble(0, 0.05), random.Near(0.08, 0.08)).Through((stemX + footX) / 2, 0.55).Through(footX, 1),
            ];
        }

        var cup = new StrokePath().Through(armX, random.Near(0.02, 0.04));
        if (kind < 0.7)
        {
            cup.Corner(random.Near(0, 0.04), barY);
        }
        else
        {
            cup.Through(random.Near(0.02, 0.03), barY * 0.65).Through(random.Near(0.12, 0.04), barY - 0.02);
        }

        cup.Through(barEnd, random.Near(barY - 0.03, 0.03));
        return [cup, new StrokePath().Through(stemX + random.Near(0.02, 0.03), random.Near(0.06, 0.09)).Through((stemX + footX) / 2, 0.55).Through(footX, 1)];
    }
}
